//! The calculator's service: its state, and what its methods do.

/// What services have in common, as compiled from `idl/shared.thrift`.
#[allow(missing_docs, dead_code)]
pub mod shared {
    oneloop::include_idl!("shared");
}

/// The interface, as compiled from `idl/calculator.thrift`.
#[allow(missing_docs, dead_code)]
pub mod interface {
    oneloop::include_idl!("calculator");
}

use std::collections::BTreeMap;

use oneloop::Context;
use oneloop::thrift::Answer;

use interface::{CalculateException, Calculator, InvalidOperation, Operation, Work};
use shared::{SharedService, SharedStruct};

/// The state, which is also what serves: the results by their numbers. Nobody shares it, and nothing locks it.
#[derive(Debug, Default)]
pub struct Log {
    results: BTreeMap<i32, i32>,
    zips: u64,
}

impl Log {
    /// The most results kept; the one with the lowest number goes first.
    pub const RESULTS_MAX: usize = 10_000;

    /// How often something was zipped.
    #[must_use]
    pub const fn zips(&self) -> u64 {
        self.zips
    }
}

impl SharedService for Log {
    fn get_struct(cx: &mut Context<'_, Self>, key: i32) -> Answer<SharedStruct> {
        let kept = cx.state.results.get(&key);
        SharedStruct {
            key,
            value: kept.map(ToString::to_string).unwrap_or_default(),
        }
        .into()
    }
}

impl Calculator for Log {
    fn ping(_: &mut Context<'_, Self>) -> Answer<()> {
        log::info!("ping");
        ().into()
    }

    fn add(_: &mut Context<'_, Self>, num1: i32, num2: i32) -> Answer<i32> {
        num1.wrapping_add(num2).into()
    }

    fn calculate(
        cx: &mut Context<'_, Self>,
        logid: i32,
        w: Work,
    ) -> Answer<i32, CalculateException> {
        let result = calculated(&w);
        if let Ok(number) = &result {
            let results = &mut cx.state.results;
            results.insert(logid, *number);
            if results.len() > Self::RESULTS_MAX {
                results.pop_first();
            }
        }
        result.map_err(CalculateException::from).into()
    }

    fn zip(cx: &mut Context<'_, Self>) -> Answer<()> {
        log::info!("zip");
        cx.state.zips += 1;
        ().into()
    }
}

/// The result, or why there is none.
fn calculated(work: &Work) -> Result<i32, InvalidOperation> {
    let (left, right) = (work.num1, work.num2);
    let (result, why) = match work.op {
        Operation::ADD => (left.checked_add(right), "the sum is out of range"),
        Operation::SUBTRACT => (left.checked_sub(right), "the difference is out of range"),
        Operation::MULTIPLY => (left.checked_mul(right), "the product is out of range"),
        Operation::DIVIDE if right == 0 => (None, "nothing is divided by zero"),
        Operation::DIVIDE => (left.checked_div(right), "the quotient is out of range"),
        _ => (None, "no such operation"),
    };
    result.ok_or_else(|| InvalidOperation {
        what_op: work.op.0,
        why: why.into(),
    })
}
