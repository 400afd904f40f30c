/** The file. */
namespace rs docs

/**
 * A struct.
 *
 *  - indented
 */
struct A {
  /** A field. */
  1: i32 a
  2: i32 b
}
/** An enum. */
enum E {
  /** A member. */
  X
}
/** A service. */
service S {
  /** A function. */
  void f(/** An argument. */ 1: i32 a)
}
/** A const. */
const i32 C = 1
/** A typedef. */
typedef i32 T
