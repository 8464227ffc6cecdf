//! What people write without this crate: `image::imageops::replace`, `ndarray`'s slice assign, and the mask formula.

use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;

use cutmix_core::{Layout, PatchBox, Size};
use image::{GenericImageView, RgbImage, imageops};
use ndarray::{Array3, ArrayView3, ArrayViewMut3, Zip, s};

use super::{Case, Levels, barred, cut, law_boxes, painted, patch_bytes};
use crate::{Group, bar, bar_but};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for side in [32, 224] {
        let what = format!("{side}x{side}x3, one pair in cache");
        cases.push(Case::new(format!("against image::imageops::replace, u8, {what}"), move |name, levels| {
            bytes_group(name, side, levels, "image::imageops::replace", |to, from, side, patch| {
                let view = from.view(patch.x0(), patch.y0(), patch.width(), patch.height());
                imageops::replace(to, &*view, patch.x0().into(), patch.y0().into());
                black_box(side);
            })
        }));
        cases.push(Case::new(format!("against ndarray's assign, u8 interleaved, {what}"), move |name, levels| {
            bytes_group(name, side, levels, "ndarray assign", |to, from, side, patch| {
                let shape = (side as usize, side as usize, 3);
                let mut to = ArrayViewMut3::from_shape(shape, to).unwrap();
                let from = ArrayView3::from_shape(shape, from).unwrap();
                let (x, y) = (patch.x0() as usize..patch.x1() as usize, patch.y0() as usize..patch.y1() as usize);
                to.slice_mut(s![y.clone(), x.clone(), ..]).assign(&from.slice(s![y, x, ..]));
            })
        }));
        cases.push(Case::new(format!("against the mask formula, f32 planar, {what}"), move |name, levels| {
            mask_group(name, side, levels)
        }));
    }
    cases
}

type Replace = fn(&mut RgbImage, &RgbImage, u32, PatchBox);

fn bytes_group(name: &str, side: u32, levels: Levels<'_>, peer: &str, replace: Replace) -> Group<'static> {
    let size = Size::new(side, side).unwrap();
    let layout = Layout::nhwc(size, 3, 1).unwrap();
    let picture = || RgbImage::from_raw(side, side, painted(layout.buffer_bytes())).unwrap();
    let boxes = law_boxes(size, 200);
    let mut group = Group::new(name, patch_bytes(&layout, &boxes));
    let shared = Rc::new((RefCell::new(picture()), picture(), boxes));
    group.alike(&[peer], &shared, move |(to, from, boxes)| {
        let mut to = to.borrow_mut();
        for &patch in boxes {
            replace(&mut to, from, side, patch);
        }
    });
    group.levels(barred(levels, |_| bar(0.125, 0.05)), &shared, move |(to, from, boxes), level| {
        cut(level, &mut to.borrow_mut(), from, layout, boxes.iter().copied());
    });
    group
}

/// The formula taken literally: a mask, two products and a sum over the whole image, into a third one.
fn mask_group(name: &str, side: u32, levels: Levels<'_>) -> Group<'static> {
    let size = Size::new(side, side).unwrap();
    let layout = Layout::nchw(size, 3, 4).unwrap();
    let floats = || painted(layout.buffer_bytes() / 4).into_iter().map(|x| f32::from(x) / 255.0).collect::<Vec<f32>>();
    let boxes = law_boxes(size, if side > 100 { 20 } else { 200 });
    let mut group = Group::new(name, patch_bytes(&layout, &boxes));
    let shared = Rc::new((floats(), RefCell::new(floats()), boxes));
    let array = || Array3::from_shape_vec((3, side as usize, side as usize), floats()).unwrap();
    let (a, b, mut mask, mut out) = (array(), array(), array(), array());
    let own = shared.clone();
    group.row("mask formula", None, move || {
        for patch in &own.2 {
            mask.fill(1.0);
            let (x, y) = (patch.x0() as usize..patch.x1() as usize, patch.y0() as usize..patch.y1() as usize);
            mask.slice_mut(s![.., y, x]).fill(0.0);
            Zip::from(&mut out).and(&mask).and(&a).and(&b).for_each(|out, &m, &a, &b| *out = m * a + (1.0 - m) * b);
            black_box(&mut out);
        }
    });
    let small = "the formula over an image of 12 KB stays in L1 and is vectorised, and patches of 30 short rows weigh little against the checks of a call";
    group.levels(barred(levels, |_| bar_but(0.125, 0.05, small)), &shared, move |(from, to, boxes), level| {
        cut(level, &mut to.borrow_mut(), from, layout, boxes.iter().copied());
    });
    group
}
