//! Findings that only many draws show.

use super::entry::{Entry, entries};
use crate::profile::Code;

entries! { ENTRIES;
BoxRule "L01" "Boxes follow another of the paper's roundings than the one that is accepted."
effect: "None to speak of: the rules differ by a pixel an edge."
example: "timm up to 1.0.28 where 1.0.29 is expected"
hint: "Accept the rule (--accept paper), or pin the version of the code."

BoxLeastOne "L01" "A small box is made larger: a side, or half of one, has a least length."
effect: "At a lambda of nearly 1 a sliver of another image is pasted, and the label changes."
example: "if y1 == y0: y1 += 1; cut_w = max(1, int(W * cut_rat))"
hint: "Leave empty boxes empty; the label then is the base's."

BoxCentre "L01" "Centres are drawn from other pixels than 0 to L-1."
effect: "One border is covered more often than the other, by a pixel's share."
example: "randint(1, W + 1), or an inclusive upper end"
hint: "Draw the centre uniformly from 0 to L-1, or from the real numbers of [0, L)."

BoxInside "L01" "Boxes are placed so that they lie wholly inside the image."
effect: "Borders are hardly ever replaced, and boxes are half as large again as the paper's."
example: "x0 = randint(0, W - cut_w + 1)"
hint: "Draw the centre over the whole image and clip the box; or declare the variant with --accept and the rule's name."

BoxCorner "L01" "The drawn point is the box's first corner, not its centre."
effect: "The last rows and columns are replaced far more often than the first."
example: "x0 = randint(0, W); x1 = min(W, x0 + cut_w)"
hint: "Put half of the box on either side of the drawn point."

BoxLastNever "L01" "Boxes end before the last row and column, and are never empty."
effect: "Two borders are never replaced."
example: "clip(cx + cut_w // 2, 0, W - 1)"
hint: "Clip the end of the box to W, not to W-1; ends are exclusive."

BoxClippedLeft "L01" "A box that is clipped at the first border keeps its full length."
effect: "Boxes at the first borders are larger than those at the last."
example: "x0 = max(0, cx - cut_w // 2); x1 = x0 + cut_w"
hint: "Compute both ends from the centre, then clip both."

BoxStrip "L01" "The box spans the whole image in one direction."
effect: "The patch is a strip: objects are cut in two, and its share is the side's, not the area's."
example: "x[:, :, :, x0:x1] = ..."
hint: "Cut both axes."

BoxTwoLambdas "L01" "The two sides of a box come from two draws of lambda."
effect: "Boxes are of any shape, and the label of no lambda."
example: "cut_w and cut_h each from a beta draw of their own"
hint: "Draw lambda once and use it for both sides."

BoxBetween "L01" "Sides do not follow lambda: they are drawn between two bounds or two points, or by area and ratio."
effect: "Alpha has no part in it, and the areas follow another law than the paper's."
example: "cutmix_minmax=(0.2, 0.8); x0, x1 = sorted(randint(0, W, 2)); the boxes of Random Erasing"
hint: "If it is meant, accept it with --accept and the rule's name; else draw lambda."

BoxBeyond "L01" "Centres are drawn beyond the image as well, so that every pixel is replaced equally often."
effect: "Borders are replaced as often as the middle; boxes are clipped more, and many samples stay as they were."
example: "cx = randint(-cut_w // 2, W + cut_w // 2)"
hint: "If it is meant, accept it with --accept centre-beyond; else draw the centre from 0 to L-1."

BoxAxes "L01" "Width and height are mixed up in drawing the box."
effect: "On images that are not square, parts are never replaced, and the share is wrong."
example: "cut_w = int(H * cut_rat)"
hint: "Use the width for columns and the height for rows, throughout."

Alpha "L02" "Lambda follows a Beta law of another alpha."
effect: "Samples are mixed more or less strongly than asked for."
example: "the alpha of Mixup passed to CutMix; a default that overrides the argument"
hint: "Follow alpha from the argument to the draw."

AlphaIgnored "L02" "Lambda is uniform, whatever alpha is."
effect: "Every alpha trains like alpha 1."
example: "gamma(shape, 1.0, beta=alpha): alpha passed as the rate"
hint: "Pass alpha as the concentration of the Beta or Gamma law."

BetaParameters "L02" "Lambda follows a Beta law whose two parameters are not both alpha."
effect: "One of the two images gets the larger share on average."
example: "beta(alpha + 1, alpha), beta(alpha, 1)"
hint: "Draw from Beta(alpha, alpha)."

RootOmitted "L02" "Sides follow 1 - lambda instead of its square root."
effect: "Patches are much smaller than lambda says: the area is its square."
example: "cut_w = int(W * (1 - lam))"
hint: "cut_w = int(W * sqrt(1 - lam))."

LambdaFolded "L02" "The larger, or the smaller, of lambda and 1 - lambda is used."
effect: "Patches never cover more (or less) than half of the image before clipping."
example: "lam = max(lam, 1 - lam)"
hint: "Use lambda as it was drawn; if it is meant, accept it: --accept folded."

LambdaClipped "L02" "Lambda is forced into an interval, or drawn from one."
effect: "Very small and very large patches never occur."
example: "lam = clip(lam, 0.2, 0.8)"
hint: "Use lambda as it was drawn; or accept the interval: --accept clipped=0.2-0.8."

LambdaRounded "L02" "Lambda is rounded to a coarse grid."
effect: "Only some sizes of patches occur."
example: "lam = round(lam, 1)"
hint: "Use lambda as it was drawn."

AlphaRandom "L02" "Alpha itself is drawn anew, between 0 and the one asked for."
effect: "Lambda is nearer to 0 and 1 than alpha says."
example: "alpha = uniform(0, factor); lam = beta(alpha, alpha)"
hint: "Draw lambda from Beta(alpha, alpha) itself."

BetaNotRejected "L02" "Lambda is a ratio of powers of uniform numbers, without the rejection that makes it a Beta draw."
effect: "Lambda is nearer to a half than it should be, and NaN at small alpha."
example: "x = u ** (1 / a); y = v ** (1 / a); lam = x / (x + y)"
hint: "Draw again while x + y > 1 (Johnk), or use a library's Beta or Gamma sampler."

ApplyRate "L03" "Samples are changed more or less often than promised."
effect: "The augmentation is weaker or stronger than its probability says."
example: "the probability applied to the batch and again to each sample"
hint: "Draw once whether to mix; say --prob if it is meant to be less than 1."

ImpossibleBox "L04" "Some boxes cannot come from the rule that the others follow."
effect: "A rare branch of the code does something else."
example: "a fallback for small boxes; an edge case of rounding"
hint: "Look at the example: box, call and sample."

LawUnknown "L05" "The draws follow no known law: not what is accepted, nor any catalogued deviation."
effect: "Some boxes are too frequent, others too rare."
example: "centres that favour the middle; draws that depend on each other"
hint: "Look at the tests named here, the coverage and the histogram of extents."

DuplicateStream "L06" "Draws are repeated in the same order within one run."
effect: "Fewer different boxes are seen than were trained with."
example: "workers that share a seed; a generator made anew every epoch"
hint: "Seed once, and give every worker a stream of its own."

DrawsDependent "L08" "A draw is told by something that it should not depend on."
effect: "Some images always get large patches, or certain places, so that mixing carries a bias of its own."
example: "lam by class or by place in the batch; a walk from call to call; 1 - lam every other time; a generator made anew"
hint: "Draw lambda and place afresh from one generator, whatever the image, its partner and the call before."

CutoutSide "L01" "The square that is cut out has another side than promised."
effect: "Less (or more) of every image is hidden than the side says; of a side of 1 nothing is."
example: "y - side // 2 to y + side // 2, which has one pixel less where the side is odd"
hint: "Cut from y - side // 2 to y - side // 2 + side."

PairingBiased "L07" "Some partners are chosen more often than others."
effect: "Some pairs of images are seen together too often."
example: "randint(0, B - 1) where the end is exclusive"
hint: "Choose uniformly among all, or by a permutation."
}
