//! What is measured, defined once for two runners: `cargo bench -p cutmix-bench` (criterion, one row after the other) and
//! `cargo run --release -p cutmix-bench` (all rows of a group interleaved, ratios formed per round, `RESULTS.md`).
//!
//! A [`Group`] is one piece of work done in several ways; its first row is the yardstick, which is present in every run.

pub mod allocations;
pub mod cases;
pub mod measure;
pub mod report;

use std::rc::Rc;

use cutmix_core::Level;

/// A bar: a ratio to the yardstick that a row has to stay below.
#[derive(Clone, Copy, Debug)]
pub struct Bar {
    /// What has to be reached.
    pub must: f64,
    /// What the hardware allows.
    pub stretch: f64,
    /// Printed where `must` is missed: the reason, as far as it is known.
    pub reason: &'static str,
}

/// A bar without a remark.
#[must_use]
pub const fn bar(must: f64, stretch: f64) -> Option<Bar> {
    Some(Bar { must, stretch, reason: "" })
}

/// A bar with the reason for which it is known to be missed on some machine.
#[must_use]
pub const fn bar_but(must: f64, stretch: f64, reason: &'static str) -> Option<Bar> {
    Some(Bar { must, stretch, reason })
}

/// One way to do the work of a group.
pub struct Row<'a> {
    /// Shown in tables, and the criterion function.
    pub name: String,
    /// What it is held against, if anything.
    pub bar: Option<Bar>,
    /// Does the work once.
    pub run: Box<dyn FnMut() + 'a>,
}

/// The same work in several ways.
pub struct Group<'a> {
    /// Shown in tables, and the criterion group.
    pub name: String,
    /// Bytes that one run of the yardstick writes; 0 where bytes say nothing.
    pub bytes: u64,
    /// The first is the yardstick.
    pub rows: Vec<Row<'a>>,
}

impl Group<'static> {
    /// A group without rows.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: u64) -> Self {
        Self { name: name.into(), bytes, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, name: impl Into<String>, bar: Option<Bar>, run: impl FnMut() + 'static) {
        self.rows.push(Row { name: name.into(), bar, run: Box::new(run) });
    }

    /// Adds a row without a bar for each name, all of which do the same over the same memory: yardsticks.
    pub fn alike<S: 'static>(&mut self, names: &[&str], shared: &Rc<S>, run: impl Fn(&S) + Copy + 'static) {
        for &name in names {
            let shared = shared.clone();
            self.row(name, None, move || run(&shared));
        }
    }

    /// Adds a row for each level with its bar.
    pub fn levels<S: 'static>(
        &mut self,
        levels: impl Iterator<Item = (Level, Option<Bar>)>,
        shared: &Rc<S>,
        run: impl Fn(&S, Level) + Copy + 'static,
    ) {
        for (level, bar) in levels {
            let shared = shared.clone();
            self.row(level.name(), bar, move || run(&shared, level));
        }
    }
}
