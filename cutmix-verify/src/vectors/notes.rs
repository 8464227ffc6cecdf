//! Why a case is there: what kind of mistake it meets, and what that does to training.

/// A flag's note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// The flag that cases name.
    pub flag: &'static str,
    /// The kind of mistake.
    pub bug: &'static str,
    /// What is special about the cases.
    pub description: &'static str,
    /// What an implementation that fails them does wrong.
    pub effect: &'static str,
    /// Where it is said or was seen.
    pub links: &'static [&'static str],
}

/// The note of a flag.
#[must_use]
pub fn note(flag: &str) -> Option<&'static Note> {
    NOTES.iter().find(|note| note.flag == flag)
}

const PAPER: &str = "https://arxiv.org/abs/1905.04899";
const MIXUP: &str = "https://arxiv.org/abs/1710.09412";
const CUTOUT: &str = "https://arxiv.org/abs/1708.04552";
const AUTHORS: &str = "https://github.com/clovaai/CutMix-PyTorch";
const PCG: &str = "https://www.pcg-random.org/paper.html";

macro_rules! notes {
    ($($flag:ident $bug:ident $description:literal, $effect:literal, [$($link:expr),*];)*) => {
        /// All notes.
        pub const NOTES: &[Note] = &[$(Note {
            flag: stringify!($flag),
            bug: stringify!($bug),
            description: $description,
            effect: $effect,
            links: &[$($link),*],
        }),*];
    };
}

notes! {
    // Boxes.
    Ordinary BASIC "Nothing special: what an implementation meets most.", "The formula itself is not followed.", [PAPER];
    ExactBoundary EDGE_CASE "The side of the box is a whole number of pixels, or its edge lies on a pixel's centre.", "A pixel too many or too few where the formula decides exactly.", [PAPER];
    JustBelowBoundary EDGE_CASE "Lambda a little above the one whose side is a whole number, so that the side is just below it.", "A box rounded where it should be cut off, or computed in less than binary64.", [PAPER];
    ClippedLeft EDGE_CASE "The box reaches over the left border.", "Negative columns wrap round or shift the box.", [PAPER];
    ClippedRight EDGE_CASE "The box reaches over the right border.", "Columns beyond the image are counted or read.", [PAPER];
    ClippedTop EDGE_CASE "The box reaches over the upper border.", "Negative rows wrap round or shift the box.", [PAPER];
    ClippedBottom EDGE_CASE "The box reaches over the lower border.", "Rows beyond the image are counted or read.", [PAPER];
    EmptyBox EDGE_CASE "A box without a pixel.", "A box of at least one pixel, a reversed one, or an error: images that should stay are changed.", [PAPER];
    FullBox EDGE_CASE "The box is the whole image.", "The last row or column of the base stays although its label went.", [PAPER];
    OddSize EDGE_CASE "A side of an odd number of pixels.", "Halves of odd numbers lose a row or column.", ["https://github.com/huggingface/pytorch-image-models/pull/2740"];
    NonSquare AXIS_SWAP "Width and height differ.", "Rows and columns exchanged: boxes of the wrong form, never seen on square images.", ["https://github.com/tensorflow/models/issues/11271"];
    OnePixel EDGE_CASE "An image one pixel wide or high.", "Divisions by zero, empty ranges for the centre.", [PAPER];
    LargeImage OVERFLOW "More than 2^24, 2^31 or 2^32 pixels.", "Areas in 32 bits, or counted one by one in binary32: weights that are off, negative or not numbers.", [PAPER];
    RuleOfAuthors CONVENTION "The rule of the paper authors' code: whole-pixel centre, half side cut off.", "Not the box of torchvision and of older timm; right or wrong is another question.", [AUTHORS];
    RuleFullExtent CONVENTION "The rule of newer timm and of KerasCV: odd sides keep their pixel.", "Not the box of these packages; right or wrong is another question.", ["https://github.com/huggingface/pytorch-image-models/pull/2740"];
    FixedSides CONVENTION "A box of fixed sides, as in the original Cutout.", "The square of Cutout has another size or place.", [CUTOUT];
    // Labels.
    RawLambda KNOWN_BUG "The drawn lambda is not the share of pixels that were kept.", "The label claims what is not in the image: the most frequent mistake, mostly at clipped boxes.", [AUTHORS, "https://github.com/clovaai/CutMix-PyTorch/issues/1"];
    UnclippedArea KNOWN_BUG "The box was clipped, so its area is not the product of its drawn sides.", "The label counts pixels outside the image; weights below 0 at the worst.", [AUTHORS, "https://github.com/clovaai/CutMix-PyTorch/issues/1"];
    SwappedWeights KNOWN_BUG "Both weights differ.", "Weights of base and donor exchanged: training on the wrong label.", ["https://github.com/kornia/kornia/issues/3077"];
    HalfPrecision PRECISION "A weight that neither binary16 nor bfloat16 has.", "Labels in the images' type: rows that do not sum to 1, weights off by up to 0.002.", ["https://github.com/huggingface/pytorch-image-models/blob/main/timm/data/mixup.py"];
    IntegerLabel WRONG_TYPE "Weights that are not whole numbers.", "Rows of integers: every weight becomes 0 or 1.", ["https://docs.python.org/3/library/functions.html#int"];
    SameClass EDGE_CASE "Base and donor have the same class.", "One weight overwrites the other: a row that does not sum to 1.", [PAPER];
    LabelSmoothing CONVENTION "Rows are smoothed, the mixed ones once.", "Smoothed twice, by the wrong number, or only where it was mixed.", ["https://arxiv.org/abs/1512.00567"];
    SoftRows EDGE_CASE "Labels that are soft already.", "Soft labels are replaced by their largest class.", [PAPER];
    ManyClasses EDGE_CASE "Ids of which binary16 or bfloat16 has no number.", "Ids cast to the images' type become other classes.", ["https://github.com/kornia/kornia/issues/4657"];
    // Pixels.
    Channels EDGE_CASE "1, 2, 4 or 5 channels.", "Channels beyond the third stay, or one that is not there is read.", [PAPER];
    Nhwc LAYOUT "Row, column, channel.", "The box is cut along the wrong axes.", [PAPER];
    Nchw LAYOUT "Channel, row, column.", "The box is cut along the wrong axes, or in the first plane alone.", [PAPER];
    PaddedRows LAYOUT "Bytes between the end of a row and the next, which stay as they are.", "Rows sheared, or bytes written that belong to nobody.", [PAPER];
    Sixteen WRONG_TYPE "16-bit integers whose high and low bytes differ.", "Pixels go through bytes and lose half their bits.", [PAPER];
    Binary32 WRONG_TYPE "Binary32 values that no smaller type has.", "Pixels go through another type and are rounded.", [PAPER];
    BitCopy PRECISION "-0, subnormal numbers and NaN with a payload, inside and outside the box.", "Pixels are computed with instead of copied.", [PAPER];
    MaskArithmetic KNOWN_BUG "NaN and infinity where the mask is 0.", "mask * a + (1 - mask) * b makes NaN of 0 * infinity: whole images are lost to one bad pixel.", ["https://github.com/Project-MONAI/MONAI/blob/dev/monai/transforms/regularization/array.py"];
    OtherPlace KNOWN_BUG "Every pixel has a value of its own.", "The patch comes from another place of the donor, or is a row off.", [PAPER];
    // Batches.
    Aliasing KNOWN_BUG "A partner that is itself mixed, earlier in the order of the batch.", "A loop in place pastes what was pasted before: three images in one, two of them in the label.", ["https://github.com/huggingface/pytorch-image-models/issues/50"];
    Cycle EDGE_CASE "Partners in a circle.", "The last of the circle gets what the first has become.", [PAPER];
    SelfPartner EDGE_CASE "An image is its own partner.", "An image is changed, or refused, though there is nothing to do.", [PAPER];
    SharedDonor EDGE_CASE "One image gives to several.", "Partners are taken for a permutation.", [PAPER];
    PartnerInverse KNOWN_BUG "Partners whose inverse is another map.", "Images get from those that should get from them: label and image have different partners.", [PAPER];
    MixedBoxes EDGE_CASE "Every image has a box of its own.", "One box for all, or that of another image.", [PAPER];
    PairingConvention CONVENTION "Who is whose partner without a draw.", "A roll or a flip in the other direction.", ["https://pytorch.org/vision/stable/generated/torchvision.transforms.v2.CutMix.html"];
    // Mixup and Cutout.
    Rounding PRECISION "Means that are not whole numbers.", "Cut off instead of rounded: images darken by half a level each time.", [MIXUP];
    Wrap OVERFLOW "Values at the end of the type's range.", "Sums overflow: bright pixels become dark ones.", [MIXUP];
    WeightEnds EDGE_CASE "Weight 0 or 1: the result is one of the images, bit for bit.", "Rounding where nothing is mixed.", [MIXUP];
    ExactWeight CONTRACT "The core's own arithmetic: whole numbers of 2^-15 or 2^-24, every operation rounded once.", "Not the same bytes as the core on some target.", [MIXUP];
    FillChannels EDGE_CASE "Each channel has a value of its own to be filled with.", "One value for all channels, or in the wrong order.", [CUTOUT];
    NoiseContract CONTRACT "Noise is a function of key and place: STREAM.md.", "Tiles and shards of an image get other noise than the whole.", ["https://nullprogram.com/blog/2018/07/31/"];
    LabelStays KNOWN_BUG "A Cutout does not change the label.", "The label is weighted by the pixels that were kept.", [CUTOUT];
    // Laws.
    LawOfBoxes LAW "Boxes are drawn by the program's own generator and counted by area; exact probabilities decide.", "Areas are too small, too large, too often nothing: a missing square root, centres off the borders, a wrong alpha.", [PAPER];
    AlphaIgnored LAW "An alpha other than 1.", "The parameter is not used, or used as another one.", ["https://github.com/keras-team/keras-cv/issues/1361"];
    LawOfBeta LAW "Draws of lambda, counted up to exact quantiles.", "Lambda has another distribution than it says.", ["https://dlmf.nist.gov/8.17"];
    SmallAlpha LAW "An alpha so small that powers of uniforms underflow.", "0 / 0: lambda is not a number.", ["https://dlmf.nist.gov/8.17"];
    // The stream contract.
    StreamKeys CONTRACT "Keys hashed into streams: every bit of a key counts.", "Other draws than the core's from the same key.", [PCG];
    StreamIntegers CONTRACT "Integers below a bound by a 128-bit product, without bias.", "Other partners than the core's; or biased ones.", ["https://arxiv.org/abs/1805.10941"];
    StreamBeta CONTRACT "Draws of Beta, with log and exp as they are written out in STREAM.md.", "Another lambda than the core's, if only in its last bit.", ["https://www.netlib.org/fdlibm/"];
    DrawOrder CONTRACT "A whole plan: every value is drawn, in the order of the contract.", "A changed option moves draws that have nothing to do with it.", [PCG];
    StreamPairing CONTRACT "Partners that are drawn.", "Other partners than the core's from the same key.", ["https://doi.org/10.1145/364520.364540"];
    // Mistakes of the caller.
    NotANumber INVALID_INPUT "NaN.", "NaN slips through comparisons and becomes a label.", [PAPER];
    OutOfRange INVALID_INPUT "A number outside its range.", "Weights outside [0, 1], boxes of negative size.", [PAPER];
    BoxOutside INVALID_INPUT "A box that leaves the image or ends before it begins.", "Memory of others is read or written.", [PAPER];
    ShapeMismatch INVALID_INPUT "Two images, rows or lists that should have the same length.", "What is missing is read from elsewhere, or silently left out.", [PAPER];
    ZeroSize INVALID_INPUT "No pixels, or no channels.", "A division by zero: the label is not a number.", [PAPER];
    UnknownClass INVALID_INPUT "A class that is not below their number.", "A row without a class, or a write beyond it.", [PAPER];
    UnknownPartner INVALID_INPUT "A partner that is not in the batch.", "Memory beyond the batch is read.", [PAPER];
    BadAlpha INVALID_INPUT "A parameter that no Beta distribution has.", "A loop that never ends, or lambda that is not a number.", [PAPER];
}
