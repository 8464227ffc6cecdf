// Planes and frames in memory. `fuzz/src/frame.rs` includes this file too.

/// The layout of a plane, from the definition of the format and not from `Format::layout`. It lies in its buffer with so
/// many elements before it and after each row, and its rows may be bottom-up.
fn plane_layout(size: Size, cell: Grid, elements: u32, bytes: u32, (origin, pad, up): (u32, u32, bool)) -> Layout {
    let samples = (reference::samples(size.width(), cell.x()), reference::samples(size.height(), cell.y()));
    let pixel = elements * bytes;
    let pitch = (samples.0 * pixel + pad * bytes) as isize;
    let size = Size::new(samples.0, samples.1).expect("sides of at least 1");
    let layout = Layout::new(size, 1, pixel, pitch, 0, (origin * bytes) as usize).expect("rows do not overlap");
    if up { layout.bottom_up() } else { layout }
}

fn reading<'d, T: Pod, const N: usize>(
    format: Format<N>,
    size: Size,
    data: &'d [Vec<T>; N],
    layouts: &[Layout; N],
) -> FrameView<'d, T, N> {
    let plane = |i: usize| ImageView::new(&data[i], layouts[i]).expect("a buffer of the layout's length");
    FrameView::new(format, size, core::array::from_fn(plane)).expect("planes of the format")
}

fn writing<'d, T: Pod, const N: usize>(
    format: Format<N>,
    size: Size,
    data: &'d mut [Vec<T>; N],
    layouts: &[Layout; N],
) -> FrameViewMut<'d, T, N> {
    let mut layouts = layouts.iter();
    let planes = data.each_mut().map(|plane| {
        let layout = layouts.next().expect("a layout for each plane");
        ImageViewMut::new(plane, *layout).expect("a buffer of the layout's length")
    });
    FrameViewMut::new(format, size, planes).expect("planes of the format")
}
