# expect: error 3:13 `GOOD` without its enum
enum E { GOOD }
const E e = GOOD
