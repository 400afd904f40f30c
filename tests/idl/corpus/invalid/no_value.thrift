# expect: error 3:1 expected `=`, found the end of the file
const i32 a
