exception Bad { 1: i32 code, 2: string why } (message = "why")
typedef Bad Worse
service S { void f() throws (1: Bad bad, 2: Worse worse), void g() throws () }
