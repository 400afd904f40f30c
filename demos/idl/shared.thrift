/** What services have in common. */

/** Something kept under a number. */
struct SharedStruct {
  1: i32 key
  2: string value
}

service SharedService {
  /** What is kept under this number; empty if there is nothing. */
  SharedStruct getStruct(1: i32 key)
}
