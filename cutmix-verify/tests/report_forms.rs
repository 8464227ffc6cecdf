//! Every form of a report: what it says, that the same input gives the same bytes, and that hostile texts stay texts.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/tool.rs"]
mod tool;
#[path = "support/trace.rs"]
mod trace;

use std::path::Path;

use cutmix_verify::audit::{Audit, Code, Options};
use cutmix_verify::play::{VARIANTS, variant};
use cutmix_verify::probe::Spec;
use cutmix_verify::profile::shape::{SHAPES, Shape};
use cutmix_verify::report::{
    self, Against, Departure, Deviant, Input, Match, Outcome, Reason, Report, Status, Tried, Verdict,
};
use schema::validates;
use serde_json::Value;
use tool::{refusal, run};
use trace::audited;

const SCHEMA: &str = include_str!("../schemas/report-v1.schema.json");

fn judge(name: &str) -> Report {
    judge_as(name, &variant(name).unwrap().spec(), vec![1.0])
}

/// With enough draws for a verdict on their law.
fn long(name: &str, alphas: Vec<f64>) -> Report {
    let variant = variant(name).unwrap();
    let phases = vec![variant.phase(), variant.law_phase(9000)];
    judge_as(name, &Spec::new(variant.spec().method, phases), alphas)
}

fn judge_as(name: &str, spec: &Spec, alphas: Vec<f64>) -> Report {
    audited(variant(name).unwrap(), spec, 1.0, 1, Options { alphas, ..Options::default() })
}

/// What would break out of one form or another, if it were let.
const HOSTILE: &str = "<script>alert(1)</script> ]]> | ` ``` \u{1b}[31mred \u{202e}back \"><img src=x onerror=1> @everyone \
    [x](javascript:1) ![y](http://e.x/z.png) http://e.x \0 {{7*7}} {% raw %} &lt; \\| <!-- ' \n# PASS\r\n| a | b |\n- x";

fn hostile() -> Report {
    let mut report = judge("label-raw");
    let text = || HOSTILE.to_owned();
    (report.name, report.version, report.because, report.stderr) = (text(), text(), text(), HOSTILE.repeat(3));
    report.inputs.push(Input { name: text(), sha256: "0".repeat(64) });
    report.untested.push(text());
    report.tried.push(Tried { what: "type u8".into(), outcome: Outcome::Refused, note: text() });
    report.tried.push(Tried { what: "type u16".into(), outcome: Outcome::Found, note: text() });
    (report.facts[0].value, report.facts[0].phase) = (text(), Some(text()));
    for finding in &mut report.findings {
        for example in [&mut finding.first, &mut finding.smallest] {
            (example.phase, example.expected, example.actual) = (text(), text(), text());
        }
    }
    for check in &mut report.checks {
        check.reason = text();
    }
    tell(&mut report, HOSTILE);
    report.expected = vec![Code::LabelRaw];
    report.matches = vec![Match { name: text(), versions: text(), unseen: vec![text(), text()], but: Vec::new() }];
    if let Some(shown) = &mut report.shown {
        shown.caption = text();
        shown.legend.push(([1, 2, 3], text()));
    }
    report
}

/// Puts a text into every place of the laws that has one: their rules' names and what they do. Everything else is a value.
fn tell(report: &mut Report, words: &'static str) {
    let shape = Shape { name: words, what: words, ..SHAPES[0] };
    let deviant = || Deviant { shape: Some(shape), departure: Departure::Rule };
    for run in &mut report.laws {
        run.because = vec![Reason::NotRefuted(vec![deviant()])];
        (run.identified.shape, run.identified.rule_rival) = (Some(shape), Some(shape));
        run.accepted.iter_mut().for_each(|accepted| accepted.shape = shape);
        run.open.iter_mut().for_each(|deviation| deviation.what = deviant());
        run.curves.iter_mut().for_each(|curve| curve.against = Against::Rival(shape, None));
    }
}

/// Whether every part of a schema says what it is.
fn described(value: &Value) -> bool {
    value.get("properties").and_then(Value::as_object).is_none_or(|properties| {
        properties.values().all(|part| {
            let text = part.get("description").is_some() || part.get("$ref").is_some() || part.get("anyOf").is_some();
            text && described(part)
        })
    })
}

#[test]
fn json_is_as_the_schema_says_and_nothing_else_is() {
    let mut reports: Vec<Report> = VARIANTS.iter().step_by(9).map(|variant| judge(variant.name)).collect();
    reports.extend([
        judge("label-raw"),
        judge("mixup"),
        judge("cutout"),
        long("root-omitted", Vec::new()),
        hostile(),
        Audit::new(Options::default()).report(),
    ]);
    for report in &reports {
        let document: Value = serde_json::from_str(&report::json(report)).unwrap();
        assert!(validates(SCHEMA, &document), "{document}");
        assert_eq!(document["verdict"], report.verdict.name());
        assert_eq!(document["exit_code"], report.exit_code());
        assert_eq!(document["findings"].as_array().unwrap().len(), report.findings.len());
    }
    let document: Value = serde_json::from_str(&report::json(&reports[reports.len() - 2])).unwrap();
    // Programs get texts as they were.
    assert_eq!(document["name"], HOSTILE);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut document = document.clone();
        change(&mut document);
        validates(SCHEMA, &document)
    };
    assert!(changed(&|_| {}));
    assert!(!changed(&|document| document["verdict"] = "OK".into()));
    assert!(!changed(&|document| document["more"] = 1.into()));
    assert!(!changed(&|document| document["exit_code"] = 2.into()));
    assert!(!changed(&|document| document["findings"][0]["first"]["patch"]["x0"] = (-1).into()));
    assert!(!changed(&|document| document["findings"][0]["code"] = "label raw".into()));
    assert!(!changed(&|document| document["checks"][0]["status"] = Value::Null));
    assert!(!changed(&|document| document["laws"][0]["extents"] = Value::Null));
    assert!(!changed(&|document| document["laws"][0]["sizes"][0] = vec![40].into()));
    assert!(!changed(&|document| document["laws"][0]["curves"][0]["points"][0][1] = "1".into()));
    assert!(!changed(&|document| document["laws"][0]["open"][0]["code"] = "".into()));
    assert!(!changed(&|document| document["laws"][0]["interval"] = 1.into()));
    assert!(!changed(&|document| document["matches"][0]["unseen"] = Value::Null));
    assert!(!changed(&|document| document["expected"][0] = "label raw".into()));
    assert!(!changed(&|document| {
        document.as_object_mut().unwrap().remove("untested");
    }));
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(described(&schema) && schema["$defs"].as_object().unwrap().values().all(described));
}

#[test]
fn every_form_shows_the_laws() {
    use scraper::{Html, Selector};
    for name in ["official", "root-omitted", "mixup"] {
        let report = long(name, vec![1.0]);
        let run = &report.laws[0];
        let document: Value = serde_json::from_str(&report::json(&report)).unwrap();
        assert!(validates(SCHEMA, &document), "{name}");
        assert_eq!(document["laws"][0]["draws"], run.draws);
        let (text, table, page) = (report::text(&report), report::markdown(&report), report::html(&report));
        assert!(text.contains(&format!("\nlaw of the draws, alpha 1: {}\n", run.verdict.name())), "{text}");
        assert!(table.contains(&format!("\n## Law of the draws, alpha 1: {}\n", run.verdict.name())), "{table}");
        let said = [
            format!("{} of {} planned", run.draws, run.planned),
            format!("{} of {} known deviations refuted", run.refuted, run.deviations),
            run.identified.lambda(),
        ];
        for words in &said {
            assert!(text.contains(words) && table.contains(words) && page.contains(words), "{name}: {words}");
        }
        for found in &report.matches {
            assert!(text.contains(&format!("\nbehaves like: {} {}", found.name, found.versions)), "{text}");
        }
        assert_eq!(text.contains(&format!("after {} draws", run.decided.unwrap_or(0))), run.decided.is_some());
        let page = Html::parse_document(&page);
        let count = |selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
        let boxes = usize::from(name != "mixup");
        assert_eq!((count(".law"), count(".law .chart svg"), count(".law figure img")), (1, 1 + 4 * boxes, 6 * boxes));
        match name {
            "root-omitted" => {
                assert_eq!(run.verdict, Verdict::Fail);
                assert!(text.contains("FAIL               area") && text.contains("      and "), "{text}");
                assert!(text.contains(&format!("{0} of {0} accepted rules", run.accepted.len())), "{text}");
                assert_eq!(count(".law details"), 1);
            }
            _ => assert_eq!((run.verdict, count(".law details")), (Verdict::Pass, 0), "{text}"),
        }
    }
    let report = long("official", Vec::new());
    assert!(report::text(&report).contains("\nlaw of the draws, alpha not given: INCONCLUSIVE\n"));
    assert!(!report::text(&report).contains("(ALPHA)"), "no alpha was asked for");
    let expected = Report { expected: vec![Code::LabelRaw, Code::Alpha], ..report };
    assert!(report::text(&expected).contains("\nexpected: LABEL_RAW ALPHA\n"));
}

#[test]
fn junit_has_a_case_for_every_check_and_for_the_verdict() {
    for name in ["label-raw", "official", "mixup"] {
        let report = judge(name);
        let xml = report::junit(&report);
        let document = roxmltree::Document::parse(&xml).unwrap();
        let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
        assert_eq!(cases.len(), report.checks.len() + 1);
        for (case, check) in cases.iter().zip(&report.checks) {
            let has = |tag: &str| case.children().any(|child| child.has_tag_name(tag));
            assert!(case.attribute("name").unwrap().starts_with(check.id));
            assert_eq!(has("failure"), check.status == Status::Fail, "{}", check.id);
            assert_eq!(
                has("skipped"),
                matches!(check.status, Status::Untested | Status::NotApplicable),
                "{}",
                check.id
            );
        }
        let last = cases.last().unwrap();
        let tag = if report.verdict == Verdict::Fail { "failure" } else { "skipped" };
        let child = last.children().find(|child| child.has_tag_name(tag)).unwrap();
        assert!(child.attribute("message").unwrap().starts_with(report.verdict.name()));
        for word in ["time", "timestamp", "uuid"] {
            assert!(!xml.contains(&format!(" {word}=")), "{xml}");
        }
        let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
        let failures = report.checks.iter().filter(|check| check.status == Status::Fail).count();
        let failures = failures + usize::from(report.verdict == Verdict::Fail);
        assert_eq!(suite.attribute("failures"), Some(failures.to_string().as_str()));
    }
}

/// Texts of a document's nodes, whatever they are in.
fn flat(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn hostile_texts_stay_texts_in_xml_and_on_a_terminal() {
    let report = hostile();
    let xml = report::junit(&report);
    let document = roxmltree::Document::parse(&xml).unwrap();
    let known = ["testsuites", "testsuite", "testcase", "failure", "skipped", "system-err"];
    assert!(
        document.descendants().filter(roxmltree::Node::is_element).all(|node| known.contains(&node.tag_name().name()))
    );
    assert!(xml.chars().all(|c| c == '\n' || !c.is_control()));
    let suite = document.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
    assert!(suite.attribute("name").unwrap().contains("<script>alert(1)</script> ]]> |"));
    let text = report::text(&report);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("# PASS") || line.starts_with("- x")), "{text}");
    assert!(text.starts_with("FAIL"));
}

#[test]
fn hostile_texts_stay_texts_in_markdown() {
    use pulldown_cmark::{CodeBlockKind, Event, Options as Extensions, Parser, Tag};
    let mut plain = judge("label-raw");
    plain.matches = vec![Match { name: "a".into(), versions: "1".into(), unseen: Vec::new(), but: Vec::new() }];
    let tried = Tried { what: "type u8".into(), outcome: Outcome::Refused, note: "none".into() };
    plain.tried = vec![tried.clone(), tried];
    let count = |report: &Report| {
        let text = report::markdown(report);
        let (mut headings, mut rows, mut items, mut cells) = (0, 0, 0, 0);
        let mut depth = 0;
        for event in Parser::new_ext(&text, Extensions::all()) {
            match event {
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
                | Event::Html(_)
                | Event::InlineHtml(_) => {
                    panic!("{event:?} in {text}")
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => depth = 1,
                Event::End(pulldown_cmark::TagEnd::CodeBlock) => depth = 0,
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::TableRow | Tag::TableHead) => rows += 1,
                Event::Start(Tag::TableCell) => cells += 1,
                Event::Start(Tag::Item) => items += 1,
                // Mentions and bare links are made of text alone: not of code.
                Event::Text(words) if depth == 0 => {
                    assert!(!words.contains("@everyone") && !words.contains("http"), "{words}");
                }
                _ => {}
            }
        }
        (headings, rows, items, cells)
    };
    let (headings, rows, items, cells) = count(&plain);
    let mut report = hostile();
    // Sentences of ours, which quote nothing from outside, are not code.
    report.because.clone_from(&plain.because);
    tell(&mut report, "none [here](x) <b> | @ no");
    for check in &mut report.checks {
        check.reason = "none [here](x) <b> | @ no".into();
    }
    // One input and one note more, and a stderr.
    assert_eq!(count(&report), (headings, rows + 1, items + 1, cells + 2));
    report.inputs.clear();
    report.stderr.clear();
    assert!(report::markdown(&report).starts_with("# FAIL (cutmix)"));
}

#[test]
fn hostile_texts_stay_texts_on_the_page() {
    use scraper::Html;
    let (plain, hostile) = (judge("label-raw"), hostile());
    let elements = |report: &Report| {
        let page = report::html(report);
        let document = Html::parse_document(&page);
        let mut names: Vec<String> = Vec::new();
        for element in document.root_element().descendent_elements() {
            let value = element.value();
            for (name, text) in value.attrs() {
                assert!(!name.starts_with("on"), "{name}={text}");
                let loads = matches!(name, "src" | "href" | "srcset" | "data" | "action" | "poster" | "background");
                assert!(!loads || text.starts_with("data:image/png;base64,"), "{name}={text}");
            }
            names.push(value.name().to_owned());
        }
        names.sort();
        names.dedup();
        (names, document.root_element().text().collect::<String>(), page)
    };
    let (known, _, page) = elements(&plain);
    assert!(!known.iter().any(|name| ["script", "iframe", "object", "link", "base", "form"].contains(&name.as_str())));
    assert!(page.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'"));
    assert!(!page.replace("http://www.w3.org/2000/svg", "").contains("http:") && !page.contains("https:"));
    let (names, text, page) = elements(&hostile);
    // `pre` is for stderr, of which there was none.
    assert!(names.iter().all(|name| known.contains(name) || name == "pre"), "{names:?}");
    assert!(flat(&text).contains(&flat("<script>alert(1)</script> ]]> |")));
    assert!(text.contains("{{7*7}}"), "the template is filled once");
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}') && !page.contains('\0'));
}

#[test]
fn the_page_has_what_a_reader_looks_for() {
    use scraper::{Html, Selector};
    let page = |name: &str| Html::parse_document(&report::html(&judge(name)));
    let count = |page: &Html, selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
    let fail = page("label-raw");
    assert_eq!(fail.select(&Selector::parse("h1").unwrap()).next().unwrap().text().collect::<String>(), "FAIL");
    assert_eq!(count(&fail, ".pictures figure img[alt]"), 4);
    assert_eq!(count(&fail, "main > table tbody tr"), cutmix_verify::audit::CHECKS.len());
    assert_eq!((count(&fail, ".chart svg"), count(&fail, ".heats > figure > img[alt]")), (6, 3));
    // Without what is expected, the coverage alone.
    let mut alone = judge("label-raw");
    alone.laws.clear();
    let alone = Html::parse_document(&report::html(&alone));
    assert_eq!((count(&alone, ".chart svg"), count(&alone, ".heat > img[alt]"), count(&alone, ".law")), (1, 1, 0));
    assert!(count(&fail, ".chart svg circle") > 300 && count(&fail, ".chart svg polyline") >= 5);
    assert_eq!((count(&fail, "main"), count(&fail, "header"), count(&fail, "html[lang=en]")), (1, 1, 1));
    let official = page("official");
    assert_eq!((count(&official, "#findings"), count(&official, ".pictures figure")), (0, 4));
    // Cutout has no donor, and its label no scatter.
    let cutout = page("cutout");
    assert_eq!(count(&cutout, ".pictures figure"), 3);
    let nothing = Html::parse_document(&report::html(&Audit::new(Options::default()).report()));
    assert_eq!((count(&nothing, "img"), count(&nothing, ".chart"), count(&nothing, "h1")), (0, 0, 1));
}

#[test]
fn the_command_writes_every_form_and_the_same_bytes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run(folder.path(), args);
    assert_eq!(run(&["simulate", "flipped", "-o", "t.npz"]).0, Some(0));
    let forms = ["r.json", "r.xml", "r.md", "r.html", "r.txt"];
    let check = || {
        let args =
            ["check", "t.npz", "--alpha", "1", "--quiet", "--json", "r.json", "--junit", "r.xml", "--markdown", "r.md"];
        let output = run(&[&args[..], &["--html", "r.html", "-o", "r.txt"]].concat());
        assert_eq!(output.0, Some(1), "{output:?}");
        forms.map(|form| std::fs::read(folder.path().join(form)).unwrap())
    };
    let (first, second) = (check(), check());
    assert_eq!(first, second);
    for (bytes, word) in
        first.iter().zip(["\"DISPLACED\"", "type=\"DISPLACED\"", "## DISPLACED", ">DISPLACED<", "DISPLACED:"])
    {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.contains(word), "{word}");
        assert!(!text.contains(&*folder.path().to_string_lossy()), "no path of this machine");
    }
    refusal(folder.path(), &["check", "t.npz", "--quiet", "--html", "no/such/folder.html"]);
    assert!(!Path::new("no").exists());
}
