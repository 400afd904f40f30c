//! fb303, by its own service and by one that extends it, on the simulator.

mod methods;
mod orders;
mod support;
