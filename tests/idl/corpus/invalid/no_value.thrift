# expect: error 2:12 expected `=`, found the end of the file
const i32 a
