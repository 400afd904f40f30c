# expect: error 2:19 expected the field's name, found the word `xsd_all`
struct A { 1: i32 xsd_all }
