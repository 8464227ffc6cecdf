//! A live audit: rounds of an adapter until the planned draws were made, a FAIL is settled, or a cap is reached.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::ask::ask;
use super::breadth::{Breadth, refused};
use super::judge::Judged;
use super::{Audit, planned};
use crate::adapter::{About, AdapterError, Session};
use crate::npz::NpzError;
use crate::probe::{Declares, Method, Phase};
use crate::profile::Code;
use crate::report::{LawRun, SURE, Verdict, words};

/// What is asked of an adapter.
///
/// ```
/// use cutmix_verify::audit::{Caps, Rounds};
/// use cutmix_verify::probe::{Method, Phase};
///
/// let rounds = Rounds {
///     method: Method::Cutmix,
///     structure: vec![Phase::structure()],
///     law: Phase::law(),
///     fixed_batch: false,
///     alphas: vec![1.0, 0.2],
///     tolerance: 1.25,
///     breadth: true,
///     caps: Caps::default(),
///     all: false,
/// };
/// assert!(rounds.structure.iter().chain([&rounds.law]).all(|phase| phase.check().is_ok()));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rounds {
    /// What it is meant to do.
    pub method: Method,
    /// Phases of the first round of each alpha.
    pub structure: Vec<Phase>,
    /// The phase of the other rounds; its calls are the most of a round.
    pub law: Phase,
    /// Whether the batch of `law` is as asked; else it is made larger where many images stay their own partners.
    pub fixed_batch: bool,
    /// The parameters to mix with. Empty: the adapter's own.
    pub alphas: Vec<f64>,
    /// What the number of draws follows from.
    pub tolerance: f64,
    /// Whether other types, channels, sizes, values, forms of memory and batches are tried after the first round. It takes a
    /// process of its own and some thirty rounds of a few calls each.
    pub breadth: bool,
    /// Where there is an end, decided or not.
    pub caps: Caps,
    /// Whether all planned draws are made after a FAIL that no draw can change.
    pub all: bool,
}

/// Where a live audit ends, decided or not. None of it depends on the plan.
///
/// ```
/// use cutmix_verify::audit::Caps;
///
/// let caps = Caps::default();
/// assert_eq!((caps.draws, caps.rounds, caps.time.as_secs()), (None, 4096, 1800));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Caps {
    /// The most draws of each alpha; by default sixteen times as many as planned. The first call is made all the same.
    pub draws: Option<u64>,
    /// The most rounds.
    pub rounds: u32,
    /// How long rounds are begun. The last one may take as long as an adapter may be silent.
    pub time: Duration,
}

impl Default for Caps {
    fn default() -> Self {
        Self { draws: None, rounds: 4096, time: Duration::from_secs(1800) }
    }
}

/// How far a live audit is.
///
/// ```
/// use cutmix_verify::audit::Progress;
///
/// let progress = Progress { alpha: Some(0.2), round: 3, draws: 4096, planned: 16_384 };
/// assert_eq!(100 * progress.draws / progress.planned, 25, "per cent");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// The alpha of this round.
    pub alpha: Option<f64>,
    /// Number of the round.
    pub round: u32,
    /// Draws of all alphas that were seen.
    pub draws: u64,
    /// Draws that are planned.
    pub planned: u64,
}

/// Why a live audit has no report.
///
/// ```
/// use cutmix_verify::audit::LiveError;
///
/// let error = LiveError::Asked("the adapter declares fixed_alpha, expected one --alpha at most".into());
/// assert_eq!(error.to_string(), "--exec: the adapter declares fixed_alpha, expected one --alpha at most");
/// ```
#[derive(Debug)]
pub enum LiveError {
    /// The adapter cannot be run.
    Adapter(AdapterError),
    /// It wrote something that is no trace of its probe.
    Trace(NpzError, String),
    /// What was asked contradicts what it declares.
    Asked(String),
}

impl fmt::Display for LiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Adapter(error) => error.fmt(f),
            Self::Trace(error, place) => write!(f, "--exec: {place}: {error}"),
            Self::Asked(text) => write!(f, "--exec: {text}"),
        }
    }
}

impl std::error::Error for LiveError {}

impl From<AdapterError> for LiveError {
    fn from(error: AdapterError) -> Self {
        Self::Adapter(error)
    }
}

/// The side of images for adapters that take square ones only.
const SQUARE: u32 = 32;
/// Calls that no plan exceeds by more than this factor, however rarely something is mixed.
const PATIENCE: u64 = 8;
/// Times the planned draws after which there is an end, unless the caller says another number: what is undecided by then stays so.
const MOST: u64 = 16;
/// How many more draws are needed is a guess: half as many as were made, and so many, are added at a time.
const MORE: u64 = 256;
/// The least calls of a round, for which a child's start is worth while.
const CALLS: u64 = 64;
/// A batch in which images seldom stay their own partners: of two a permutation leaves both in their places half the time.
const BATCH: u32 = 8;
/// Classes for such a batch: two of each image and one more.
const CLASSES: u32 = 17;
/// Draws after which a law that is refuted is named as well as ever: what is most like it is told apart by fewer.
const NAMED: u64 = 2048;
/// Added to the key of the images from round to round (odd, and the golden ratio of 16 bits), below the bound of JSON's whole
/// numbers.
const KEY_STEP: u64 = 0x9e37;
const KEYS: u64 = 1 << 53;
/// How often a round is asked for in which some call is refused.
const TRIES: u32 = 4;
/// Refused calls that are enough: more of them say no more.
const REFUSED: u64 = 8;

/// An adapter that was started and has said what it is.
///
/// ```
/// use std::sync::{Arc, atomic::AtomicBool};
/// use std::time::Duration;
/// use cutmix_verify::audit::{Caps, Live, LiveError, Rounds};
/// # use cutmix_verify::audit::{Audit, Options};
/// # use cutmix_verify::probe::{Method, Phase};
///
/// # let rounds = Rounds {
/// #     method: Method::Cutmix, structure: vec![Phase::structure()], law: Phase::law(), fixed_batch: false,
/// #     alphas: vec![1.0], tolerance: 1.25, breadth: true, caps: Caps::default(), all: false,
/// # };
/// let mut audit = Audit::new(Options { alphas: vec![1.0], ..Options::default() });
/// let stop = Arc::new(AtomicBool::new(false));
/// match Live::start("no-such-command-anywhere", Duration::from_secs(60), stop, rounds) {
///     Ok(live) => live.run(&mut audit, |progress| println!("{} of {}", progress.draws, progress.planned))?,
///     Err(LiveError::Adapter(error)) => assert_eq!(error.place, "start"),
///     Err(other) => panic!("{other}"),
/// }
/// assert_eq!(audit.draws(), 0);
/// # Ok::<(), LiveError>(())
/// ```
#[derive(Debug)]
pub struct Live {
    session: Session,
    rounds: Rounds,
    command: String,
    timeout: Duration,
    stop: Arc<AtomicBool>,
    start: Instant,
    /// Rounds that were made.
    made: u32,
    /// What it said.
    pub about: About,
}

impl Live {
    /// Starts the command, asks what it is, and fits the probes to what it declares.
    ///
    /// # Errors
    /// If it cannot be started, does not answer, or declares that it cannot do what is asked.
    pub fn start(
        command: &str,
        timeout: Duration,
        stop: Arc<AtomicBool>,
        mut rounds: Rounds,
    ) -> Result<Self, LiveError> {
        let asked = |text: String| Err(LiveError::Asked(text));
        let mut session = Session::start(command, timeout, Arc::clone(&stop))?;
        let about = session.hello()?;
        if about.declares.contains(&Declares::FixedAlpha) && rounds.alphas.len() > 1 {
            return asked("the adapter declares fixed_alpha, expected one --alpha at most".into());
        }
        let square = about.declares.contains(&Declares::SquareOnly);
        let even = about.declares.contains(&Declares::EvenBatch);
        let batch = rounds.law.batch;
        if even && batch % 2 == 1 {
            return asked(format!("--batch {batch}: the adapter declares even_batch, expected an even one"));
        }
        rounds.structure.retain(|phase| !even || phase.batch % 2 == 0);
        for phase in rounds.structure.iter_mut().chain([&mut rounds.law]) {
            if square && phase.width != phase.height {
                (phase.width, phase.height) = (SQUARE, SQUARE);
            }
            phase.check().map_err(|error| LiveError::Asked(error.to_string()))?;
        }
        let (command, start) = (command.into(), Instant::now());
        Ok(Self { session, rounds, command, timeout, stop, start, made: 0, about })
    }

    /// Makes the rounds and has the audit read each. `progress` is told after every one.
    ///
    /// What fails after the first round ends the audit early: the report keeps what was found before, and says why there was
    /// an end.
    ///
    /// # Errors
    /// If the first round has no trace, or the audit is interrupted.
    pub fn run(mut self, audit: &mut Audit, mut progress: impl FnMut(Progress)) -> Result<(), LiveError> {
        let alphas: Vec<Option<f64>> = match self.rounds.alphas.as_slice() {
            [] => vec![None],
            given => given.iter().copied().map(Some).collect(),
        };
        let size = [self.rounds.law.width, self.rounds.law.height];
        let Rounds { method, tolerance, .. } = self.rounds;
        let budget = |alpha: &Option<f64>| planned(method, size, alpha.unwrap_or(1.0), tolerance);
        let budgets: Vec<u64> = alphas.iter().map(budget).collect();
        let mut course = Course { key: self.rounds.law.key, done: 0, total: budgets.iter().sum() };
        for (&alpha, &planned) in alphas.iter().zip(&budgets) {
            let ended = match self.of_alpha(audit, alpha, planned, &mut course, &mut progress) {
                Ok(ended) => ended,
                Err(error) if self.made > 0 && !self.stop.load(Ordering::Relaxed) => Some(error.to_string()),
                Err(error) => return Err(error),
            };
            if let Some(why) = ended {
                audit.ended(why);
                break;
            }
        }
        audit.stderr(&self.session.finish());
        Ok(())
    }

    /// The rounds of one alpha. Says why no further alpha is to be begun, if so.
    fn of_alpha(
        &mut self,
        audit: &mut Audit,
        alpha: Option<f64>,
        planned: u64,
        course: &mut Course,
        progress: &mut impl FnMut(Progress),
    ) -> Result<Option<String>, LiveError> {
        if let Some(why) = self.capped() {
            return Ok(Some(why));
        }
        // Where no law is judged, the first round shows all that is.
        let planned = if audit.options.judge_law { planned } else { 0 };
        let all = if audit.options.judge_law { MOST * planned } else { u64::MAX };
        let most = self.rounds.caps.draws.unwrap_or(all);
        let structure = within(self.rounds.structure.clone(), most);
        let shown = structure.iter().map(|phase| [phase.calls, phase.calls * phase.batch].map(u64::from));
        let [shown, samples] = shown.fold([0, 0], |[a, b], [c, d]| [a + c, b + d]);
        let mut round = self.patient(audit, alpha, structure)?;
        if std::mem::take(&mut self.rounds.breadth) {
            self.breadth(audit, alpha);
        }
        let mut drawn = if audit.habits.batching.shared { shown } else { samples };
        let (mut calls, mut wanted, mut judged) = (0, planned.min(most), 0);
        loop {
            let made = audit.law_draws(alpha);
            progress(Progress {
                alpha,
                round,
                draws: course.done + made,
                planned: course.total.max(course.done + wanted),
            });
            if !self.rounds.all && audit.blurred().is_some() {
                return Ok(Some(words::SETTLED.into()));
            }
            // Twice as many draws as before are judged, so that judging costs about as much as it does at the end.
            if !self.rounds.all && made >= 2 * judged {
                judged = made.max(1);
                if audit.law(alpha).is_some_and(|judged| settled(&judged)) {
                    audit.untested(words::settled(alpha));
                    course.done += made;
                    return Ok(None);
                }
            }
            if made >= wanted {
                // Bad luck needs some more draws than planned; what is undecided then stays so.
                let needed = audit.law(alpha).and_then(|judged| judged.run.needed).unwrap_or(0);
                wanted = (made + needed.min(made / 2 + MORE)).min(most);
                if made >= wanted {
                    course.done += made;
                    return Ok(None);
                }
            }
            let mut law = self.rounds.law.clone();
            let batching = audit.habits.batching;
            if batching.fixed_points && !self.rounds.fixed_batch {
                law.batch = BATCH;
                law.classes = law.classes.max(CLASSES);
            }
            let each = if batching.shared { 1 } else { u64::from(law.batch) };
            let least = CALLS.min(law.calls.into());
            // Empty boxes are draws too, of which a cap that was asked for leaves so much room.
            let room = self.rounds.caps.draws.map_or(u64::MAX, |most| most.saturating_sub(drawn) / each);
            let needed = (wanted - made).div_ceil(each).clamp(least, law.calls.into()).min(room);
            if needed == 0 {
                course.done += made;
                return Ok(None);
            }
            if calls > 0 && made == 0 || calls >= PATIENCE * planned {
                audit.untested(words::no_more(alpha, made, planned, calls));
                course.done += made;
                return Ok(None);
            }
            if audit.ledger.count(Code::CallRaised) + audit.ledger.count(Code::FormChanged) > REFUSED {
                return Ok(Some(words::tried::REFUSED_OFTEN.into()));
            }
            if let Some(why) = self.capped() {
                return Ok(Some(why));
            }
            // Images of their own for every round, so that a trace of an earlier one is none of this.
            course.key = (course.key + KEY_STEP) % KEYS;
            (law.key, law.calls) = (course.key, needed as u32);
            (calls, drawn) = (calls + needed, drawn + needed * each);
            round = self.patient(audit, alpha, vec![law])?;
        }
    }

    /// Which cap is reached, if one is.
    fn capped(&self) -> Option<String> {
        let Caps { rounds, time, .. } = self.rounds.caps;
        if self.made >= rounds {
            return Some(words::rounds_made(rounds));
        }
        (self.start.elapsed() >= time).then(|| words::time_over(time.as_secs_f64()))
    }

    /// Tries other forms of input.
    fn breadth(&self, audit: &mut Audit, alpha: Option<f64>) {
        let Some(base) = self.rounds.structure.first() else { return };
        let breadth = Breadth {
            command: &self.command,
            timeout: self.timeout,
            stop: &self.stop,
            method: self.rounds.method,
            alpha,
            fixed_alpha: self.about.declares.contains(&Declares::FixedAlpha),
        };
        breadth.run(audit, base, &self.about);
    }

    /// A round. A call that is refused where others are not is a finding, and the calls before it are asked for again; a later
    /// phase that is refused from its first call on is left out.
    fn patient(&mut self, audit: &mut Audit, alpha: Option<f64>, mut phases: Vec<Phase>) -> Result<u32, LiveError> {
        let mut first: Option<AdapterError> = None;
        for _ in 1..TRIES {
            let error = match self.round(audit, alpha, phases.clone()) {
                Err(LiveError::Adapter(error)) => error,
                made => {
                    if let Some(refusal) = first.and_then(|error| error.refusal) {
                        // The same calls, made again, were not refused.
                        refused(audit, &refusal);
                    }
                    return made;
                }
            };
            let Some(refusal) = error.refusal.as_deref().filter(|refusal| refusal.is_of_the_code()) else {
                return Err(error.into());
            };
            let at = phases.iter().position(|phase| refusal.phase.as_deref() == Some(phase.name.as_str())).unwrap_or(0);
            match (refusal.call.unwrap_or(0), at) {
                (0, 0) if first.is_some() => return Err(error.into()),
                (0, 0) => first = Some(error),
                (0, at) => {
                    audit.untested(words::tried::phase_refused(&phases[at].name, &refusal.error));
                    phases.remove(at);
                }
                (call, at) => {
                    refused(audit, refusal);
                    phases[at].calls = call.min(phases[at].calls);
                }
            }
        }
        self.round(audit, alpha, phases)
    }

    fn round(&mut self, audit: &mut Audit, alpha: Option<f64>, phases: Vec<Phase>) -> Result<u32, LiveError> {
        let calls = phases.iter().map(|phase| u64::from(phase.calls)).sum();
        let (spec, round) = ask(&mut self.session, self.rounds.method, alpha, phases)?;
        let place = format!("round {}", round.number);
        audit.read_answer(&round.trace, &spec, alpha).map_err(|error| LiveError::Trace(error, place))?;
        audit.ledger.tested("X02", calls);
        self.session.forget(&round);
        self.made += 1;
        Ok(round.number)
    }
}

/// Where all rounds of an audit are.
struct Course {
    /// The key of the last round's images.
    key: u64,
    /// Draws of the alphas that are done.
    done: u64,
    /// Draws that are planned, of all alphas.
    total: u64,
}

/// The phases of a round of so many draws at most, all of them shortened alike; the first has one call at least.
fn within(mut phases: Vec<Phase>, most: u64) -> Vec<Phase> {
    let draws: u64 = phases.iter().map(|phase| u64::from(phase.calls) * u64::from(phase.batch)).sum();
    for (i, phase) in phases.iter_mut().enumerate() {
        let share = u64::from(phase.calls) * most.min(draws) / draws.max(1);
        phase.calls = share.max(u64::from(i == 0)) as u32;
    }
    phases.retain(|phase| phase.calls > 0);
    phases
}

/// Whether a law is refuted and what is wrong with it named, so that more draws say nothing new.
fn settled(judged: &Judged) -> bool {
    let Judged { run: LawRun { identified, draws, verdict, .. }, found, .. } = judged;
    // What has its name whichever the rule is.
    let plain = [Code::ApplyRate, Code::DuplicateStream, Code::PairingBiased, Code::DrawsDependent];
    let plain = !found.is_empty() && found.iter().all(|found| plain.contains(&found.code));
    let law = identified.law_rival.is_none() || identified.law_odds >= SURE;
    let rule = identified.rule_rival.is_none() || identified.rule_odds >= SURE;
    *verdict == Verdict::Fail && (*draws >= NAMED || plain || identified.explains && law && rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_keeps_to_the_most_draws() {
        let phases = vec![Phase::structure(), Phase { calls: 16, batch: 5, ..Phase::structure() }];
        let calls = |most| within(phases.clone(), most).iter().map(|phase| phase.calls).collect::<Vec<_>>();
        assert_eq!([calls(10_000), calls(592)], [[64, 16], [64, 16]]);
        assert_eq!([calls(530), calls(100)], [[57, 14], [10, 2]], "526 and 90 draws");
        assert_eq!(calls(1), [1], "without a call there is nothing to judge");
    }
}
