//! The breadth phase of a live audit: forms of input that the rounds of the law do not have, a round for each.
//!
//! It runs in a process of its own, so that an end of it costs no draws, and what it draws is no part of the law. Each answer is
//! read as an audit of its own; what single samples show there is a finding of this one, unless the audit shows it anyway.

mod rows;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::ask::ask;
use super::findings::{Ledger, group};
use super::{Audit, Prob};
use crate::adapter::{About, AdapterError, GREETED, Refusal, STARTED, Session};
use crate::probe::{Kind, Method, Phase};
use crate::profile::Code;
use crate::report::words::tried as words;
use crate::report::{Contrast, Example, Outcome, Tried};
use crate::trace::LabelsIn;
use rows::{Asked, LARGE, Row, Sort, rows};

/// Calls of a row in which nothing was changed: so many that it cannot be chance.
const MANY: u32 = 64;
/// How often the command is started, all in all.
const STARTS: u32 = 4;
/// How long an answer may take: the rows are small, and one that never ends is not waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Where a small alpha is asked for.
const SMALL_ALPHA: f64 = 0.2;
/// Added to the key of images that are asked for again.
const AGAIN: u64 = 1 << 40;

/// What only many draws show, or a convention: no finding of a row.
const NOT_OF_A_ROW: [Code; 4] = [Code::DtypeChanged, Code::SameDraws, Code::ApplyRate, Code::MixupTruncated];
/// What images of a few pixels, and blends in another type, show beyond doubt.
const OF_FEW_PIXELS: [Code; 6] =
    [Code::Shape, Code::InputChanged, Code::LabelsChanged, Code::NotFinite, Code::LabelSum, Code::NotDeterministic];

/// Who is asked.
pub(super) struct Breadth<'a> {
    pub(super) command: &'a str,
    pub(super) timeout: Duration,
    pub(super) stop: &'a Arc<AtomicBool>,
    pub(super) method: Method,
    /// The alpha of the rows, and whether another may be asked for.
    pub(super) alpha: Option<f64>,
    pub(super) fixed_alpha: bool,
}

/// The process that is asked, and another in its place where it ends.
struct Process<'a> {
    of: &'a Breadth<'a>,
    session: Option<Session>,
    starts: u32,
    /// Whether short batches are mixed, by this process or by a new one.
    takes_three: bool,
}

/// What came of a round.
enum Answered {
    /// It was read.
    Read(Box<Ledger>),
    /// What came back is no trace.
    Unreadable(String),
    /// The audited code could not do it.
    Code(Refusal),
    /// The adapter could not, or its process ended.
    Adapter(AdapterError),
}

impl Process<'_> {
    fn session(&mut self) -> Result<&mut Session, AdapterError> {
        let session = if let Some(session) = self.session.take() {
            session
        } else {
            self.starts += 1;
            let timeout = self.of.timeout.min(PATIENCE);
            let mut session = Session::start(self.of.command, timeout, Arc::clone(self.of.stop))?;
            session.hello()?;
            session
        };
        Ok(self.session.insert(session))
    }

    fn asked(&mut self, audit: &Audit, sort: Sort, phases: &[Phase]) -> Answered {
        let (method, alpha) = (self.of.method, self.of.alpha_of(sort));
        let made = self.session().and_then(|session| ask(session, method, alpha, phases.to_vec()));
        let (spec, round) = match made {
            Ok(made) => made,
            Err(error) => {
                return match error.refusal {
                    Some(refusal) if refusal.is_of_the_code() => Answered::Code(*refusal),
                    Some(_) => Answered::Adapter(error),
                    None => {
                        self.session = None;
                        Answered::Adapter(error)
                    }
                };
            }
        };
        let mut own = Audit::new(audit.options.clone());
        let read = own.read_answer(&round.trace, &spec, alpha);
        if let Some(session) = &self.session {
            session.forget(&round);
        }
        match read {
            Ok(()) => Answered::Read(Box::new(own.ledger)),
            Err(error) => Answered::Unreadable(error.to_string()),
        }
    }
}

impl Breadth<'_> {
    fn alpha_of(&self, sort: Sort) -> Option<f64> {
        let small = |alpha: f64| if self.fixed_alpha { alpha } else { alpha.min(SMALL_ALPHA) };
        if sort == Sort::Small { self.alpha.map(small) } else { self.alpha }
    }

    /// Tries every row beside `base`, a phase of the audit that was read.
    pub(super) fn run(&self, audit: &mut Audit, base: &Phase, about: &About) {
        let mut process = Process { of: self, session: None, starts: 0, takes_three: false };
        for Row { what, sort, asked } in rows(base, self.method, about) {
            let (outcome, note) = match asked {
                Asked::ByTheAudit => (Outcome::Shown, words::BY_THE_AUDIT.into()),
                Asked::Nothing(reason) => (Outcome::NotTried, reason),
                Asked::Phases(_) if process.session.is_none() && process.starts == STARTS => {
                    (Outcome::NotTried, words::GONE.into())
                }
                Asked::Phases(phases) => {
                    let came = tried(&mut process, audit, sort, &phases);
                    process.takes_three |= sort == Sort::Three && came.0 != Outcome::Refused;
                    if phases[0].kind == Kind::Nan && matches!(came.0, Outcome::Shown | Outcome::Found) {
                        audit.inputs.specials = Some(true);
                    }
                    came
                }
            };
            audit.tried.push(Tried { what, outcome, note });
        }
        let labels_in = audit.adapter.labels_in;
        let (ids, rows) = match labels_in {
            LabelsIn::Ids => (None, Some(words::TAKES_IDS)),
            LabelsIn::Rows => (Some(words::TAKES_ROWS), None),
            LabelsIn::None => (Some(words::NO_LABELS), Some(words::NO_LABELS)),
        };
        let reseed = (audit.ledger.looks("S19") == 0).then_some(words::NO_RESEED);
        for (what, lacks) in [("labels as ids", ids), ("labels as rows, some soft", rows), ("one seed twice", reseed)] {
            let outcome = if lacks.is_some() { Outcome::NotTried } else { Outcome::Shown };
            let note = lacks.unwrap_or(words::BY_THE_AUDIT).into();
            audit.tried.push(Tried { what: what.into(), outcome, note });
        }
    }
}

/// Asks for a row, and once more where it is refused or nothing is changed.
fn tried(process: &mut Process<'_>, audit: &mut Audit, sort: Sort, phases: &[Phase]) -> (Outcome, String) {
    let others = |calls: u32| -> Vec<Phase> {
        let again = |phase: &Phase| Phase { key: phase.key + AGAIN, calls: phase.calls.max(calls), ..phase.clone() };
        phases.iter().map(again).collect()
    };
    match process.asked(audit, sort, phases) {
        Answered::Read(ledger) => {
            let promised = matches!(audit.options.prob, Prob::Known(p) if p > 0.0);
            // Of a few calls that change nothing, many more say whether any does.
            let known = audit.ledger.codes().any(|code| code == Code::NeverApplied);
            let fits = sort != Sort::Small && phases[0].batch > 1 && phases[0].area() < LARGE;
            let unseen = promised && !known && fits && ledger.totals[2] == 0;
            if unseen && let Answered::Read(more) = process.asked(audit, sort, &others(MANY)) {
                return read(audit, sort, &more);
            }
            read(audit, sort, &ledger)
        }
        Answered::Code(refusal) => {
            if sort == Sort::Three {
                // One that has seen longer batches may refuse what a new one takes.
                process.session = None;
            }
            // In some calls, or in all: an error in the first call is one of this form of input if it comes again.
            let again = match process.asked(audit, sort, &others(0)) {
                Answered::Code(again) if is_first(&again, phases) => None,
                Answered::Code(again) => Some(again),
                Answered::Read(_) | Answered::Unreadable(_) => Some(refusal.clone()),
                Answered::Adapter(_) => None,
            };
            let some = if is_first(&refusal, phases) { again } else { Some(refusal.clone()) };
            match some {
                // Short batches that are refused by themselves are refused here too.
                Some(refusal) if sort != Sort::Short || in_first(&refusal, phases) || process.takes_three => {
                    let code = refused(audit, &refusal);
                    (Outcome::Found, format!("{}: {}", words::found(&[code]), refusal.error))
                }
                _ if refusal.raised.is_none() && sort != Sort::Short => {
                    let code = refused(audit, &refusal);
                    (Outcome::Found, format!("{}: {}", words::found(&[code]), refusal.error))
                }
                _ => (Outcome::Refused, refusal.error),
            }
        }
        Answered::Unreadable(error) => (Outcome::Refused, words::unreadable(&error)),
        Answered::Adapter(error) => {
            // Of a process that cannot be started twice nothing is known.
            let started = !matches!(error.place.as_str(), STARTED | GREETED);
            let said = error.refusal.map_or(error.found, |refusal| refusal.error);
            (if started { Outcome::Refused } else { Outcome::NotTried }, said)
        }
    }
}

/// Whether it is the first phase of these that was refused.
fn in_first(refusal: &Refusal, phases: &[Phase]) -> bool {
    refusal.phase.as_deref().is_none_or(|name| phases.first().is_some_and(|phase| phase.name == name))
}

/// Whether no call was made before the one that was refused.
fn is_first(refusal: &Refusal, phases: &[Phase]) -> bool {
    in_first(refusal, phases) && refusal.call.unwrap_or(0) == 0
}

/// Notes that a call was refused where others of its form were not; the code of the finding.
pub(super) fn refused(audit: &mut Audit, refusal: &Refusal) -> Code {
    let code = if refusal.raised.is_some() { Code::CallRaised } else { Code::FormChanged };
    let phase = refusal.phase.as_deref().unwrap_or_default();
    let example = Example::at(phase, refusal.call.unwrap_or(0), 0).shows(Contrast::Refused(&refusal.error));
    audit.ledger.tested("X02", 1);
    audit.ledger.fail(code, example);
    code
}

/// Takes over what a row shows, but for what the audit shows anyway.
fn read(audit: &mut Audit, sort: Sort, ledger: &Ledger) -> (Outcome, String) {
    // Weights of blends are read less exactly where another type came out.
    let converted = audit.method == Method::Mixup && ledger.codes().any(|code| code == Code::DtypeChanged);
    // A pipeline that scales has done to whole numbers, half types and special values what no few calls can tell.
    let few = sort == Sort::Small || converted || audit.habits.scaled;
    let takes = |code: Code| !NOT_OF_A_ROW.contains(&code) && (!few || OF_FEW_PIXELS.contains(&code));
    let codes: Vec<Code> = ledger.codes().filter(|code| takes(*code)).collect();
    let known = audit.ledger.groups();
    audit.ledger.absorb(ledger, |code| takes(code) && !known.contains(&group(code)));
    let outcome = if codes.is_empty() { Outcome::Shown } else { Outcome::Found };
    (outcome, words::found(&codes))
}
