//! Photographs of the `image` crate mixed in place: the views lie on its own memory, nothing is copied.
//!
//!     cargo run -p cutmix-verify --example image_crate -- target/image_crate.png
//!
//! The argument is optional: a picture of the result.

use std::error::Error;
use std::path::Path;

use cutmix_core::{ImageView, ImageViewMut, Level, PlanConfig, SampleKey, SamplePlan, Size, WeightGrid, ops};
use cutmix_verify::reference::{self, Image, Patch};
use image::{Rgb, RgbImage};

/// The reference's image of an `RgbImage`.
fn to_reference(image: &RgbImage) -> Image<u8> {
    Image::from_fn(1, image.dimensions(), 3, |_, y, x, e| image.get_pixel(x, y).0[e as usize])
}

fn assert_same(image: &RgbImage, expected: &Image<u8>) {
    for (x, y, &Rgb(pixel)) in image.enumerate_pixels() {
        assert_eq!(pixel, [0, 1, 2].map(|e| expected.at(0, y, x, e)), "({x}, {y})");
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let open = |name| image::open(assets.join(name)).map(|image| image.to_rgb8());
    let (mut cat, coffee) = (open("chelsea.png")?, open("coffee.png")?);
    // The two have different sizes; a view of what they share needs no copy.
    let (width, height) = (cat.width().min(coffee.width()), cat.height().min(coffee.height()));
    let (size, window) = (Size::new(width, height)?, cutmix_core::PatchBox::new(0, 0, width, height)?);
    let whole = |image: &RgbImage| Size::new(image.width(), image.height());
    let donor = ImageView::nhwc(coffee.as_raw(), whole(&coffee)?, 3)?.crop(window)?;

    let plan = SamplePlan::draw(SampleKey { seed: 4, epoch: 0, index: 1 }, &PlanConfig::cutmix(size));
    let (before, cat_size) = (cat.clone(), whole(&cat)?);
    let address = cat.as_ptr();
    let memory: &mut [u8] = &mut cat;
    let mut base = ImageViewMut::nhwc(memory, cat_size, 3)?.crop(window)?;
    let kept = ops::cutmix_in_place(Level::detect(), &mut base, &donor, plan.patch)?;
    assert_eq!(cat.as_ptr(), address, "in place");

    let patch = Patch { x0: plan.patch.x0(), y0: plan.patch.y0(), x1: plan.patch.x1(), y1: plan.patch.y1() };
    let of_base = to_reference(&before);
    let of_donor = Image::from_fn(1, before.dimensions(), 3, |_, y, x, e| {
        // Outside the window nothing is the donor's.
        if x < width && y < height { coffee.get_pixel(x, y).0[e as usize] } else { 0 }
    });
    assert_same(&cat, &reference::cutmix(&of_base, &of_donor, patch));
    assert_eq!(kept.kept(), reference::kept_pixels(patch, (width, height)));

    // Mixup of two images of the same size, in the first one's memory.
    let mut mixed = before.clone();
    let weight = WeightGrid::Q15.weight(0.4)?;
    let other = RgbImage::from_fn(cat.width(), cat.height(), |x, y| *coffee.get_pixel(x, y.min(coffee.height() - 1)));
    let memory: &mut [u8] = &mut mixed;
    let donor = ImageView::nhwc(other.as_raw(), cat_size, 3)?;
    ops::mixup_in_place(Level::detect(), &mut ImageViewMut::nhwc(memory, cat_size, 3)?, &donor, weight)?;
    assert_same(&mixed, &reference::mixup_integer(&of_base, &to_reference(&other), weight.kept()));

    println!("cat {cat_size}, coffee {}, mixed within {size}", whole(&coffee)?);
    println!("box {}: the cat keeps {kept} = {:.4} of the label", plan.patch, kept.to_f64());
    println!("Mixup with {weight}; every pixel of both equals the reference");
    if let Some(path) = std::env::args().nth(1) {
        cat.save(&path)?;
        println!("picture {path}");
    }
    Ok(())
}
