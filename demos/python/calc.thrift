/** What the child of the demo `workers` does. To the demo these are plain functions: positions and types are all that both must share. */
service Calc {
  i64 add(1: i64 a, 2: i64 b)
  i64 divide(1: i64 a, 2: i64 b)
  /** A shape, as JSON. */
  binary grow(1: binary shape, 2: double by)
}

/** What the demo does for its children. */
service Workers {
  i64 note(1: string text)
  /** A shape, as JSON. */
  binary shrink(1: binary shape, 2: double by)
}
