/**
 * A calculator, as a first program.
 */
namespace rs calculator

include "../shared/base.thrift"

typedef i32 Number

const i32 INT32CONSTANT = 9853
const map<string, string> MAPCONSTANT = {'hello': 'world', 'goodnight': 'moon'}

/** What can be done with two numbers. */
enum Operation {
  ADD = 1,
  SUBTRACT = 2,
  MULTIPLY = 3,
  DIVIDE = 4
}

struct Work {
  1: Number num1 = 0,
  2: Number num2,
  3: Operation op,
  4: optional string comment,
}

exception InvalidOperation {
  1: i32 what_op,
  2: string why
}

service Calculator extends base.Base {
  void pong(),
  i32 add(1: i32 num1, 2: i32 num2),
  i32 calculate(1: i32 logid, 2: Work w) throws (1: InvalidOperation ouch),
  /** Nobody waits for it. */
  oneway void zip()
}
