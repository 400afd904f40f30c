//! Nodes that call each other, in the simulator.
#![cfg(test)]

mod broadcast;
mod calls;
mod crowd;
mod deadlines;
mod fairness;
mod gate;
mod greeting;
mod lanes;
mod lives;
mod pressure;
mod pushes;
mod raw;
mod reactor;
mod regressions;
mod seeds;
mod slow;
mod support;
mod wire;
