# expect: error 3:13 enum `E` has no member `GOD`
enum E { GOOD }
const E e = E.GOD
