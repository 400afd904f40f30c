# expect: error 2:8 expected the name of the struct, found the word `list`
struct list {}
# expect: error 4:18 expected the name of the function, found the word `map`
service S { void map() }
enum E { set }
# expect: error 5:10 expected a member
