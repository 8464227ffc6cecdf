// Element types, buffers of the core as images of the reference, and back. `fuzz/src/pixels.rs` includes this file too.

/// A box for the reference.
pub(crate) fn spec(patch: PatchBox) -> reference::Patch {
    reference::Patch { x0: patch.x0(), y0: patch.y0(), x1: patch.x1(), y1: patch.y1() }
}

/// The offset in elements of `(plane, y, x, element)`, from the layout's numbers alone.
pub(crate) fn at(layout: &Layout, bytes: usize, [p, y, x, e]: [u32; 4]) -> usize {
    let start = layout.origin() as i64
        + i64::from(p) * layout.plane_pitch() as i64
        + i64::from(y) * layout.row_pitch() as i64
        + i64::from(x) * i64::from(layout.pixel_bytes());
    start as usize / bytes + e as usize
}

/// The image in `data` as the reference takes it.
pub(crate) fn to_reference<T: Pod>(data: &[T], layout: &Layout) -> Image<T> {
    let bytes = size_of::<T>();
    let size = (layout.size().width(), layout.size().height());
    Image::from_fn(layout.planes(), size, layout.pixel_bytes() / bytes as u32, |p, y, x, e| {
        data[at(layout, bytes, [p, y, x, e])]
    })
}

/// Puts an image of the reference into memory, everything between its rows untouched.
pub(crate) fn put<T: Pod>(data: &mut [T], layout: &Layout, image: &Image<T>) {
    for (p, y) in (0..image.planes).flat_map(|p| (0..image.height).map(move |y| (p, y))) {
        for (x, e) in (0..image.width).flat_map(|x| (0..image.elements).map(move |e| (x, e))) {
            data[at(layout, size_of::<T>(), [p, y, x, e])] = image.at(p, y, x, e);
        }
    }
}

/// Elements with arithmetic, and what the reference says of them.
pub(crate) trait Element: Blend + PartialEq + Debug {
    /// The reference's Mixup with weight `q` on the element's grid.
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self>;
    /// The reference's noise.
    fn noise_at(words: [u32; 2], index: u64, range: NoiseRange) -> Self;
    /// Whether both are NaN, of which arithmetic promises no more.
    fn both_nan(self, _: Self) -> bool {
        false
    }
}

impl Element for u8 {
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self> {
        reference::mixup_integer(base, donor, q)
    }
    fn noise_at(words: [u32; 2], index: u64, _: NoiseRange) -> Self {
        reference::noise_integer(words, index, 1) as Self
    }
}

impl Element for u16 {
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self> {
        reference::mixup_integer(base, donor, q)
    }
    fn noise_at(words: [u32; 2], index: u64, _: NoiseRange) -> Self {
        reference::noise_integer(words, index, 2) as Self
    }
}

impl Element for f32 {
    fn mixup(base: &Image<Self>, donor: &Image<Self>, q: u64) -> Image<Self> {
        reference::mixup_f32(base, donor, q as u32)
    }
    fn noise_at(words: [u32; 2], index: u64, range: NoiseRange) -> Self {
        reference::noise_f32(words, index, range.lo, range.hi)
    }
    fn both_nan(self, other: Self) -> bool {
        self.is_nan() && other.is_nan()
    }
}

/// The reference's Cutout.
pub(crate) fn cutout<T: Element>(image: &Image<T>, patch: PatchBox, fill: Fill<'_, T>, key: NoiseKey) -> Image<T> {
    reference::cutout(image, spec(patch), |p, y, x, e| match fill {
        Fill::Zero => T::zeroed(),
        Fill::Constant(values) => values[(p * image.elements + e) as usize],
        Fill::Noise(range) => T::noise_at(key.words, image.index(p, y, x, e), range),
    })
}

/// Whether two buffers hold the same bits.
pub(crate) fn same_bits<T: Pod>(a: &[T], b: &[T]) -> bool {
    bytemuck::cast_slice::<T, u8>(a) == bytemuck::cast_slice::<T, u8>(b)
}

/// The same, where a NaN that arithmetic made may be any NaN.
pub(crate) fn same_numbers<T: Element>(a: &[T], b: &[T]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_bits(&[*a], &[*b]) || a.both_nan(*b))
}

/// A copy of `out` with every sample as the reference makes it from the untouched `input`.
pub(crate) fn mixed_batch<'p, T: Element>(
    input: &[T],
    out: &[T],
    batch: &BatchLayout,
    plans: impl IntoIterator<Item = &'p SamplePlan>,
    fill: Fill<'_, T>,
) -> Vec<T> {
    let (sample, pitch) = (batch.sample(), batch.sample_pitch() / size_of::<T>());
    let image = |i: usize| to_reference(&input[i * pitch..], sample);
    let mut out = out.to_vec();
    for (i, s) in plans.into_iter().enumerate() {
        let (base, donor) = (image(i), image(s.partner as usize));
        let own = s.partner == i as u64;
        let mixed = match s.method {
            Method::CutMix if s.applied && !own => reference::cutmix(&base, &donor, spec(s.patch)),
            Method::Mixup if s.applied && !own => T::mixup(&base, &donor, s.kept.kept()),
            Method::Cutout if s.applied => cutout(&base, s.patch, fill, s.noise),
            _ => base,
        };
        put(&mut out[i * pitch..], sample, &mixed);
    }
    out
}
