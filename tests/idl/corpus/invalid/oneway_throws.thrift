# expect: error 3:29 oneway function `f` throws
exception E {}
service S { oneway void f() throws (1: E e) }
