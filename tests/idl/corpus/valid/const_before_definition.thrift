# expect: warning 4:15 before it is defined
# expect: warning 5:16 before it is defined
# expect: warning 6:21 before it is defined
const i32 a = b
const Mood m = Mood.GOOD
service One extends Two {}
const i32 b = 1
enum Mood { GOOD }
service Two {}
