struct A {}
union B {}
exception C {}
enum D {}
service E {}
