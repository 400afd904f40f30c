/** The first Thrift program: a calculator that keeps a log of what it was asked. */
include "shared.thrift"

/** What can be done with two numbers. */
enum Operation {
  ADD = 1
  SUBTRACT = 2
  MULTIPLY = 3
  DIVIDE = 4
}

/** What is to be calculated. */
struct Work {
  1: i32 num1 = 0
  2: i32 num2
  3: Operation op = Operation.ADD
  4: optional string comment
}

/** It cannot be calculated. */
exception InvalidOperation {
  1: i32 whatOp
  2: string why
}

service Calculator extends shared.SharedService {
  void ping()

  i32 add(1: i32 num1, 2: i32 num2)

  /** Calculates, and keeps the result under `logid`. */
  i32 calculate(1: i32 logid, 2: Work w) throws (1: InvalidOperation ouch)

  /** Nobody waits for it. */
  oneway void zip()
}
