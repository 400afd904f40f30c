//! Nodes that call each other, beside two peers; what each hop adds; what a child takes; a storm of children that come back:
//! `cargo bench --bench node`. What the figures mean is in `benches/README.md`.

#[expect(dead_code, reason = "others count a run of one process")]
#[path = "../measure/callgrind.rs"]
mod callgrind;
mod calls;
mod children;
#[path = "../echo/client.rs"]
mod client;
mod contestant;
#[path = "../measure/descriptors.rs"]
mod descriptors;
mod end;
#[path = "../measure/figures.rs"]
mod figures;
mod hops;
mod instructions;
mod ours;
mod process;
mod storm;
mod tarpc;
mod twisted;

/// Measures and prints, if figures are wanted; otherwise it only looks whether it works.
type Print = fn(bool);

/// Each table, by the word that asks for it. Without such a word all are asked for.
const TABLES: [(&str, Print); 4] = [
    ("calls", calls::print),
    ("hops", hops::print),
    ("children", children::print),
    ("storm", storm::print),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if end::answer(&arguments) || instructions::answer(&arguments) {
        return;
    }
    let asked = |word: &str| arguments.iter().any(|argument| argument == word);
    let all = !TABLES.iter().any(|(word, _)| asked(word));
    for (word, print) in TABLES {
        if all || asked(word) {
            print(figures::are_wanted());
        }
    }
}
