# expect: error 4:28 function `f` is inherited
service A { void f() }
service B extends A {}
service C extends B { void f() }
