//! The modules of a crate and the arrows between them, read from its sources by the rules of `main.rs`.

use std::collections::{BTreeMap, BTreeSet};

/// A module: a file, or a part of one in braces.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) file: String,
    children: BTreeSet<String>,
    defines: BTreeSet<String>,
    pub(crate) uses: Vec<Use>,
    /// The other paths, and each name in the code outside `use`.
    pub(crate) paths: BTreeSet<Vec<String>>,
    names: BTreeSet<String>,
}

/// What a `use` binds to a name (`*`: all that is there).
pub(crate) struct Use {
    name: String,
    pub(crate) target: Vec<String>,
    public: bool,
}

/// The modules of a crate by path (`audit::law`; the root is empty), and its arrows: who names, and whose it is.
pub(crate) struct Crate {
    pub(crate) modules: BTreeMap<String, Module>,
    pub(crate) arrows: BTreeSet<(String, String)>,
}

/// Names and punctuation of a source, without comments, texts, numbers and lifetimes.
fn tokens(source: &str) -> Vec<String> {
    let text: Vec<char> = source.chars().collect();
    let at = |i: usize| text.get(i).copied().unwrap_or('\0');
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut out, mut i) = (Vec::new(), 0);
    while i < text.len() {
        let start = i;
        match text[i] {
            '/' if at(i + 1) == '/' => i += text[i..].iter().take_while(|&&c| c != '\n').count(),
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= text.len() {
                        break;
                    }
                }
            }
            '"' => {
                i += 1;
                while i < text.len() && text[i] != '"' {
                    i += 1 + usize::from(text[i] == '\\');
                }
                i += 1;
            }
            // A character, else a lifetime or a label.
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => {
                i += 2 + usize::from(at(i + 1) == '\\');
                i += 1 + text[i..].iter().take_while(|&&c| c != '\'').count();
            }
            '\'' => i += 1 + text[i + 1..].iter().take_while(|&&c| word(c)).count(),
            c if word(c) => {
                i += text[i..].iter().take_while(|&&c| word(c)).count();
                let name: String = text[start..i].iter().collect();
                let hashes = text[i..].iter().take_while(|&&c| c == '#').count();
                if matches!(name.as_str(), "r" | "br" | "cr") && at(i + hashes) == '"' {
                    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                    i += hashes + 1;
                    i += text[i..].windows(end.len()).position(|window| window == end).unwrap() + end.len();
                } else if !c.is_numeric() {
                    out.push(name);
                }
            }
            ':' if at(i + 1) == ':' => {
                out.push("::".into());
                i += 2;
            }
            c => {
                if !c.is_whitespace() {
                    out.push(c.into());
                }
                i += 1;
            }
        }
    }
    out
}

/// The index behind the bracket that closes the one at `open`.
fn closed(tokens: &[String], open: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}

/// The tokens without attributes, and without the items that are compiled for tests alone.
fn without_tests(tokens: &[String]) -> Vec<String> {
    let (mut out, mut i, mut test) = (Vec::new(), 0, false);
    while i < tokens.len() {
        let bang = usize::from(tokens.get(i + 1).is_some_and(|token| token == "!"));
        if tokens[i] == "#" && tokens.get(i + 1 + bang).is_some_and(|token| token == "[") {
            let end = closed(tokens, i + 1 + bang);
            let said = tokens[i + 2 + bang..end].join("");
            test |= bang == 0 && (said.starts_with("cfg(test") || said.starts_with("cfg(all(test"));
            i = end;
        } else if std::mem::take(&mut test) {
            // To the semicolon, or the end of the body.
            let import = tokens[i..].iter().take(2).any(|token| token == "use");
            while i < tokens.len() && tokens[i] != ";" {
                let body = tokens[i] == "{" && !import;
                i = if matches!(tokens[i].as_str(), "(" | "[" | "{") { closed(tokens, i) } else { i + 1 };
                if body {
                    break;
                }
            }
            i += usize::from(tokens.get(i).is_some_and(|token| token == ";"));
        } else {
            out.push(tokens[i].clone());
            i += 1;
        }
    }
    out
}

/// Every path of a `use` tree, with the name that it binds (`*` for a glob).
fn flatten(tree: &[String], before: &[String], out: &mut Vec<(Vec<String>, String)>) {
    let mut path = before.to_vec();
    let mut i = 0;
    while i < tree.len() {
        match tree[i].as_str() {
            "::" => {}
            "{" => {
                let end = closed(tree, i) - 1;
                let mut start = i + 1;
                while start < end {
                    let mut stop = start;
                    while stop < end && tree[stop] != "," {
                        stop = if tree[stop] == "{" { closed(tree, stop) } else { stop + 1 };
                    }
                    flatten(&tree[start..stop], &path, out);
                    start = stop + 1;
                }
                return;
            }
            "as" => {
                out.push((path, tree[i + 1].clone()));
                return;
            }
            "self" if !path.is_empty() => {}
            name => path.push(name.into()),
        }
        i += 1;
    }
    if path.last().is_some_and(|last| last == "*") {
        path.pop();
        out.push((path, "*".into()));
    } else if let Some(name) = path.last().cloned() {
        out.push((path, name));
    }
}

fn join(module: &str, name: &str) -> String {
    if module.is_empty() { name.into() } else { format!("{module}::{name}") }
}

/// Gives the source of a file of a crate, if it is there.
pub(crate) type Files<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the code of a module and of those in it.
fn parse(tokens: &[String], path: &str, file: &str, files: Files, out: &mut BTreeMap<String, Module>) {
    const ITEMS: [&str; 9] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "macro_rules"];
    let mut module = Module { file: file.into(), ..Module::default() };
    let (mut i, mut depth) = (0, 0);
    while i < tokens.len() {
        let next = tokens.get(i + 1).map_or("", String::as_str);
        match tokens[i].as_str() {
            "pub" if next == "(" => i = closed(tokens, i + 1) - 1,
            "mod" if depth == 0 => {
                let child = join(path, next);
                module.children.insert(next.into());
                let end = closed(tokens, i + 2);
                if tokens[i + 2] == "{" {
                    parse(&tokens[i + 3..end - 1], &child, file, files, out);
                } else {
                    let folder = child.replace("::", "/");
                    let (file, source) = [format!("{folder}.rs"), format!("{folder}/mod.rs")]
                        .into_iter()
                        .find_map(|file| files(&file).map(|source| (file, source)))
                        .unwrap_or_else(|| panic!("{child} has no file"));
                    parse(&without_tests(&self::tokens(&source)), &child, &file, files, out);
                }
                i = end - 1;
            }
            // Not the `use<'a>` of a type.
            "use" if next != "<" => {
                let public = i > 0 && matches!(tokens[i - 1].as_str(), "pub" | ")");
                let end = i + tokens[i..].iter().position(|token| token == ";").unwrap();
                let mut found = Vec::new();
                flatten(&tokens[i + 1..end], &[], &mut found);
                module.uses.extend(found.into_iter().map(|(target, name)| Use { name, target, public }));
                i = end;
            }
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            name if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                if depth == 0 && ITEMS.contains(&name) {
                    module.defines.extend(tokens.get(i + 1 + usize::from(next == "!")).cloned());
                }
                module.names.insert(name.into());
                if next == "::" && (i == 0 || !matches!(tokens[i - 1].as_str(), "::" | ".")) {
                    let mut whole = vec![name.to_owned()];
                    while tokens.get(i + 1).is_some_and(|token| token == "::") {
                        i += 2;
                        whole.extend(tokens.get(i).cloned());
                    }
                    module.paths.insert(whole);
                }
            }
            _ => {}
        }
        i += 1;
    }
    out.insert(path.into(), module);
}

pub(crate) fn read(files: Files) -> Crate {
    let mut modules = BTreeMap::new();
    let root = without_tests(&tokens(&files("lib.rs").expect("a lib.rs")));
    parse(&root, "", "lib.rs", files, &mut modules);
    Crate { arrows: arrows(&modules), modules }
}

/// The module that defines what a path names; `None` if that is of another crate. `seen` ends a circle of re-exports.
fn definer(
    of: &BTreeMap<String, Module>,
    from: &str,
    path: &[String],
    seen: &mut BTreeSet<(String, Vec<String>)>,
) -> Option<String> {
    if !seen.insert((from.into(), path.into())) {
        return None;
    }
    let mut here = from.to_owned();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => (here, rest) = (String::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|first| first == "super") {
                here = here.rsplit_once("::").map_or(String::new(), |(parent, _)| parent.into());
                rest = &rest[1..];
            }
        }
        first if of[from].children.contains(first) || of[from].uses.iter().any(|used| used.name == first) => {}
        _ => return None,
    }
    while let Some((name, later)) = rest.split_first() {
        let module = &of[&here];
        if module.children.contains(name) {
            here = join(&here, name);
            rest = later;
            continue;
        }
        if module.defines.contains(name) {
            return Some(here);
        }
        if let Some(used) = module.uses.iter().find(|used| used.name == *name) {
            return definer(of, &here, &[used.target.as_slice(), later].concat(), seen);
        }
        let globs = module.uses.iter().filter(|used| used.name == "*");
        let mut found = globs.filter_map(|used| definer(of, &here, &[used.target.as_slice(), rest].concat(), seen));
        return found.find(|found| of[found].defines.contains(name)).or(Some(here.clone()));
    }
    Some(here)
}

fn arrows(of: &BTreeMap<String, Module>) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, module) in of {
        let imports = module.uses.iter().filter(|used| !used.public || module.names.contains(&used.name));
        for target in imports.map(|used| &used.target).chain(&module.paths) {
            let Some(to) = definer(of, path, target, &mut BTreeSet::new()) else { continue };
            // A module is a part of those that it lies in, and of its own file.
            if !(to.is_empty() || *path == to || path.starts_with(&format!("{to}::"))) {
                found.insert((path.clone(), to));
            }
        }
    }
    found
}
