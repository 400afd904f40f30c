//! Compiles the demos' interface files.

use oneloop::idl::Config;

fn main() {
    let compiled = [
        Config::new().input("idl/calculator.thrift").compile(),
        // A message is a slice of the frame that it came in.
        Config::new()
            .input("idl/scribe.thrift")
            .shared(true)
            .compile(),
    ];
    for compiled in compiled {
        if let Err(reports) = compiled {
            panic!("\n{reports}");
        }
    }
}
