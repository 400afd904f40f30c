# expect: error 3:13 enum `E` has no member with the number 5
enum E { GOOD }
const E e = 5
