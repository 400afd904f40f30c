//! Compiles the demos' interface files.

fn main() {
    let compiled = oneloop::idl::Config::new()
        .input("idl/calculator.thrift")
        .compile();
    if let Err(reports) = compiled {
        panic!("\n{reports}");
    }
}
