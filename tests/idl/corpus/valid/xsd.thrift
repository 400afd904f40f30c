struct A xsd_all {
  1: i32 a xsd_optional xsd_nillable xsd_attrs { 1: i32 q; 2: string r } (x = "y")
}
