struct A {
  1: i32 struct, 2: i32 list, 3: i32 required, 4: string string, 5: i32 namespace, 6: i32 oneway
  7: i32 uuid
  8: i32 async
  9: bool optional
}
