struct Dotted {}
