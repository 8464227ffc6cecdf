//! The naive CutMix as the suites see it.

use cutmix_verify::subject::{Answer, CutMixUnderTest, LabelCase, Layout, Patch, Picture, Refusal, Rule};
use own_cutmix::{Patch as Edges, Random, Weight, paste, patch};

/// The implementation with a way to weight labels.
pub(crate) struct Own(pub(crate) Weight);

const fn edges(patch: Patch) -> Edges {
    [patch.x0 as usize, patch.y0 as usize, patch.x1 as usize, patch.y1 as usize]
}

fn need(right: bool, reason: &str) -> Answer<()> {
    if right { Ok(()) } else { Err(Refusal::because(reason)) }
}

fn fits(patch: Patch, (width, height): (u32, u32)) -> Answer<()> {
    need(patch.x0 <= patch.x1 && patch.x1 <= width && patch.y0 <= patch.y1 && patch.y1 <= height, "a box outside")?;
    need(width > 0 && height > 0, "no pixels")
}

fn row(a: u32, b: u32, weight: f64, number: u32) -> Vec<f64> {
    let mut row = vec![0.0; number as usize];
    row[a as usize] += weight;
    row[b as usize] += 1.0 - weight;
    row
}

impl CutMixUnderTest for Own {
    fn name(&self) -> String {
        "own CutMix".into()
    }

    fn patch_box(&self, rule: Rule, lambda: f64, (x, y): (f64, f64), (w, h): (u32, u32)) -> Answer<Patch> {
        if rule != Rule::Paper {
            return Err(Refusal::Unsupported);
        }
        need((0.0..=1.0).contains(&lambda), "lambda")?;
        need((0.0..f64::from(w)).contains(&x) && (0.0..f64::from(h)).contains(&y), "the centre")?;
        let [x0, y0, x1, y1] = patch(lambda, [x, y], [w as usize, h as usize]).map(|edge| edge as u32);
        Ok(Patch { x0, y0, x1, y1 })
    }

    fn label(&self, case: &LabelCase) -> Answer<Vec<f64>> {
        if case.smoothing != 0.0 {
            return Err(Refusal::Unsupported);
        }
        fits(case.patch, case.size)?;
        need(case.classes.iter().all(|&class| class < case.number), "a class")?;
        let size = [case.size.0 as usize, case.size.1 as usize];
        Ok(row(case.classes[0], case.classes[1], (self.0)(case.lambda, edges(case.patch), size), case.number))
    }

    fn mix(&self, images: &mut [Picture], ids: &[u32], number: u32, alpha: f64, call: u64) -> Answer<Vec<Vec<f64>>> {
        let before = images.to_vec();
        let shape = before[0].shape;
        let size = [shape.width as usize, shape.height as usize];
        need(shape.layout == Layout::Nchw, "planar images alone")?;
        let mut random = Random(call << 20);
        // A roll; every image with a box of its own.
        let mut mixed = |(i, image): (usize, &mut Picture)| {
            let partner = (i + before.len() - 1) % before.len();
            let lambda = random.beta(alpha);
            let centre = size.map(|length| random.unit() * length as f64);
            let patch = patch(lambda, centre, size);
            paste(&mut image.bytes, &before[partner].bytes, patch, size, shape.dtype.bytes());
            row(ids[i], ids[partner], (self.0)(lambda, patch, size), number)
        };
        Ok(images.iter_mut().enumerate().map(&mut mixed).collect())
    }
}
