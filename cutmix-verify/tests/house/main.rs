//! The house rules about modules, read from the sources: modules form no circle, no arrow runs upwards, and whoever checks
//! the core imports nothing of it.
//!
//! An arrow is a path in code (`use crate::`, `super::`, a child or an imported module by its name) from the file where it
//! stands to the file that defines what it names; re-exports are followed. No arrows are: what is under `#[cfg(test)]`, doc
//! comments and strings; a `pub use` whose name its file does not use itself; what a module takes from the modules that it
//! lies in, of which it is a part. Calls of methods are not seen. Siblings are compared with all that lies below them, so a
//! circle between two folders is one even if no two files form it.

mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use modules::{Crate, read};

/// Floors of the core from below; a module may import from its own floor and those below it.
const CORE: &[&str] = &["error guide", "geometry", "view", "kernels", "rule draw", "plan", "label ops", "frame"];

/// Floors of the verifier; the room of a module is the longest of these names that its path begins with.
const VERIFY: &[&str] = &[
    "reference npz guard parallel guide",
    "profile",
    "law probe trace decode suite subject",
    "adapter play",
    "report audit::findings audit::observe audit::prob",
    "audit::judge",
    "audit vectors",
    "cli kit",
];

/// What may not know what it is compared with.
const WITHOUT_THE_CORE: [&str; 4] = ["reference", "probe", "decode", "profile"];

/// A way from one name back to itself, if there is one.
fn way_back<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while let Some(way) = (!ways.is_empty()).then(|| ways.remove(0)) {
        for &next in graph.get(way[way.len() - 1]).into_iter().flatten() {
            let longer = [way.as_slice(), &[next]].concat();
            if next == start {
                return Some(longer);
            }
            if seen.insert(next) {
                ways.push(longer);
            }
        }
    }
    None
}

/// The circles of siblings, a line for each, with a pair of files for each arrow.
fn circles(of: &Crate) -> Vec<String> {
    let mut lines = Vec::new();
    for parent in of.modules.keys() {
        let below = if parent.is_empty() { String::new() } else { format!("{parent}::") };
        let child = |path: &'_ str| -> Option<usize> {
            let rest = path.strip_prefix(&below)?;
            (!rest.is_empty()).then(|| below.len() + rest.find("::").unwrap_or(rest.len()))
        };
        let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut files = BTreeMap::new();
        for (from, to) in &of.arrows {
            let (Some(a), Some(b)) = (child(from), child(to)) else { continue };
            let (a, b) = (&from[..a], &to[..b]);
            if a != b {
                graph.entry(a).or_default().insert(b);
                files.entry((a, b)).or_insert_with(|| format!("{} -> {}", of.modules[from].file, of.modules[to].file));
            }
        }
        let mut told = BTreeSet::new();
        for &start in graph.keys() {
            if told.contains(start) {
                continue;
            }
            if let Some(way) = way_back(&graph, start) {
                told.extend(way.iter().copied());
                let files: Vec<_> = way.windows(2).map(|pair| files[&(pair[0], pair[1])].as_str()).collect();
                lines.push(format!("circle: {} ({})", way.join(" -> "), files.join(", ")));
            }
        }
    }
    lines
}

/// Arrows that run upwards, modules without a floor, and floors without a module.
fn upwards(of: &Crate, floors: &[&str]) -> Vec<String> {
    let rooms: Vec<(&str, usize)> =
        floors.iter().enumerate().flat_map(|(floor, rooms)| rooms.split(' ').map(move |room| (room, floor))).collect();
    let floor = |path: &str| {
        let above = rooms.iter().filter(|(room, _)| within(path, room));
        above.max_by_key(|(room, _)| room.len()).map(|&(_, floor)| floor)
    };
    let homeless = of.modules.keys().filter(|path| !path.is_empty() && !path.contains("::") && floor(path).is_none());
    let homeless = homeless.map(|path| format!("no floor: {path}"));
    let empty =
        rooms.iter().filter(|(room, _)| !of.modules.contains_key(*room)).map(|(room, _)| format!("no module: {room}"));
    let up = of.arrows.iter().filter(|(from, to)| floor(from).is_some_and(|here| floor(to) > Some(here)));
    let up = up.map(|(from, to)| format!("upwards: {from} -> {to}"));
    homeless.chain(empty).chain(up).collect()
}

/// Whether a module is a room or lies in it.
fn within(path: &str, room: &str) -> bool {
    path.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Arrows out of a room that may have none.
fn outwards(of: &Crate, room: &str) -> Vec<String> {
    let out = of.arrows.iter().filter(|(from, to)| within(from, room) && !within(to, room));
    out.map(|(from, to)| format!("out of {room}: {from} -> {to}")).collect()
}

/// Modules of the rooms below that name the core.
fn naming_the_core(of: &Crate) -> Vec<String> {
    let judged = of.modules.iter().filter(|(path, _)| WITHOUT_THE_CORE.iter().any(|room| within(path, room)));
    let guilty = judged.filter(|(_, module)| {
        module.uses.iter().map(|used| &used.target).chain(&module.paths).any(|path| path[0] == "cutmix_core")
    });
    guilty.map(|(path, _)| format!("of the core: {path}")).collect()
}

/// The crate whose sources lie in a folder of the repository.
fn sources(folder: &str) -> Crate {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    read(&|name| std::fs::read_to_string(folder.join(name)).ok())
}

fn planted(files: &[(&str, &str)]) -> Crate {
    read(&|name| files.iter().find(|(file, _)| *file == name).map(|(_, source)| (*source).to_owned()))
}

#[test]
fn the_core_has_neither_circles_nor_arrows_upwards() {
    let core = sources("cutmix-core/src");
    let found = [circles(&core), upwards(&core, CORE), outwards(&core, "error")].concat();
    assert!(found.is_empty(), "cutmix-core:\n{}", found.join("\n"));
}

#[test]
fn the_verifier_has_neither_circles_nor_arrows_upwards() {
    let verify = sources("cutmix-verify/src");
    let found =
        [circles(&verify), upwards(&verify, VERIFY), outwards(&verify, "reference"), naming_the_core(&verify)].concat();
    assert!(found.is_empty(), "cutmix-verify:\n{}", found.join("\n"));
}

#[test]
fn the_c_abi_and_the_fuzzers_have_no_circles() {
    let found = [circles(&sources("cutmix-core/capi/src")), circles(&sources("fuzz/src"))].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn planted_circles_are_named() {
    let two = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::{c, b::{self, B}}; pub struct A; fn f(_: B, _: c::C) {}"),
        ("b.rs", "pub struct B; fn f() -> super::a::A { todo!() }"),
        ("c.rs", "pub struct C;"),
    ];
    assert_eq!(circles(&planted(&two)), ["circle: a -> b -> a (a.rs -> b.rs, b.rs -> a.rs)"]);

    // Through what the parent hands on, under another name, and by an imported module's name.
    let three = [
        ("lib.rs", "pub mod room;"),
        ("room/mod.rs", "mod a;\npub(crate) mod b;\nmod c;\npub use a::*;\npub use b::B as Other;\npub use c::C;"),
        ("room/a.rs", "pub struct A(super::Other);"),
        ("room/b.rs", "pub struct B; impl B { const C: Option<crate::room::C> = None; }"),
        ("room/c.rs", "use crate::room; pub struct C; fn f(_: &'static room::A) {}"),
    ];
    let files = "room/a.rs -> room/b.rs, room/b.rs -> room/c.rs, room/c.rs -> room/a.rs";
    assert_eq!(circles(&planted(&three)), [format!("circle: room::a -> room::b -> room::c -> room::a ({files})")]);

    // Of two folders, though their files form none.
    let folders = [
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "pub mod low; mod high;"),
        ("a/low.rs", "pub const LOW: u8 = b'\\'';"),
        ("a/high.rs", "use crate::b::high::HIGH;"),
        ("b/mod.rs", "pub mod low; pub mod high;"),
        ("b/low.rs", "use crate::a::low::LOW;"),
        ("b/high.rs", "pub const HIGH: char = '\"';"),
    ];
    assert_eq!(circles(&planted(&folders)), ["circle: a -> b -> a (a/high.rs -> b/high.rs, b/low.rs -> a/low.rs)"]);
}

#[test]
fn what_is_no_arrow_makes_no_circle() {
    let files = [
        ("lib.rs", "pub mod room; pub mod other; pub use room::A; pub struct Root; #[cfg(test)] mod tests;"),
        ("other.rs", "use crate::A; pub struct Other; #[cfg(test)] use crate::room::B;"),
        // Hands on, and does not use.
        (
            "room/mod.rs",
            "mod a; mod b; pub use a::A; pub use b::{B, Used}; pub use crate::other::Other; fn f(_: Used) {}",
        ),
        (
            "room/a.rs",
            "//! [`super::b::B`]\n#[doc = \"crate::room::b\"] pub struct A; /* use super::b /* nested */ */ use super::f;",
        ),
        (
            "room/b.rs",
            "use super::A; pub struct B(crate::Root); pub struct Used; const S: &str = r#\"super::a\"#;\n\
             #[cfg(all(test, unix))] #[derive(Debug)] struct T { a: crate::other::Other }\n\
             #[cfg(test)]\nmod tests { use super::*; use crate::other::Other; fn f() {} }",
        ),
    ];
    let found = planted(&files);
    assert!(circles(&found).is_empty(), "{:?}", circles(&found));
    let arrows: Vec<_> = found.arrows.iter().map(|(from, to)| format!("{from} -> {to}")).collect();
    assert_eq!(arrows, ["other -> room::a", "room -> room::b", "room::b -> room::a"]);
}

#[test]
fn planted_arrows_upwards_are_named() {
    let files = [
        ("lib.rs", "mod low; mod high; mod reference; mod new;"),
        ("low.rs", "fn f() { crate::high::top::g() }"),
        ("high.rs", "pub mod top { pub fn g() { crate::low::f(); crate::reference::h() } }"),
        ("reference.rs", "use crate::low; pub fn h() { low::f(); cutmix_core::Size::new(1, 1); }"),
        ("new.rs", ""),
    ];
    let found = planted(&files);
    let lines = upwards(&found, &["reference low", "high", "gone"]);
    assert_eq!(lines, ["no floor: new", "no module: gone", "upwards: low -> high::top"]);
    assert_eq!(outwards(&found, "reference"), ["out of reference: reference -> low"]);
    assert_eq!(naming_the_core(&found), ["of the core: reference"]);
}
