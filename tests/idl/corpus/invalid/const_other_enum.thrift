# expect: error 4:13 expected a member of enum `E`, found a member of enum `F`
enum E { A }
enum F { A }
const E e = F.A
