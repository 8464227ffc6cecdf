//! Findings that single samples show.

use super::entry::{Entry, entries};
use crate::profile::Code;

entries! { ENTRIES;
Shape "S01" "The images that came out have another shape than those that went in."
effect: "Whatever follows reads pixels of other places, or stops."
example: "return images.transpose(0, 2, 3, 1)"
hint: "Return the images in the layout in which they came; declare a layout instead of guessing it from the shape."

NotFinite "S01" "A label weight is NaN or infinite."
effect: "The loss becomes NaN, and with it every weight of the model."
example: "area computed in float16: 300 * 300 overflows"
hint: "Compute box and area in 64 bits; lambda = x / (x + y) needs a guard against 0 / 0 at small alpha."

OutsideChanged "S02" "Pixels outside the box are not what they were."
effect: "Every image of the batch loses precision, whether it is mixed or not."
example: "x = x.half().float()"
hint: "Write the box only; do not convert or scale the batch on the way."

InexactCopy "S02" "Pixels of the patch are near the partner's, but not equal."
effect: "The patch carries rounding noise that no other part of the image has."
example: "x + (x[perm] - x) * mask"
hint: "Select or copy, do not compute: where(mask, partner, base)."

Filled "S02" "The box is filled with a constant instead of the partner's pixels."
effect: "Cutout with CutMix's labels: a class is named that is not in the picture."
example: "zeros left where the patch was cut out"
hint: "Paste the partner's pixels into the box."

NanSpread "S02" "A NaN or infinity of one image appears in pixels of another, where the box does not put it."
effect: "One broken image spoils its partners as well."
example: "x * mask + x[perm] * (1 - mask), where 0 * NaN is NaN"
hint: "Select with where(), or assign the box; a mask must not multiply."

SpecialLost "S02" "A NaN, infinity or negative zero of the input was not copied."
effect: "Markers that a pipeline relies on disappear; arithmetic was done where a copy was promised."
example: "nan_to_num(x), or -0.0 * 1 + 0.0"
hint: "Copy bits; do not add, multiply or clean pixels."

SeveralPartners "S03" "One sample has pixels of more than one partner."
effect: "The label can name only one of them: part of the image is unlabelled."
example: "a second box pasted over the first"
hint: "Use one partner a sample, or give each its own weight by the pixels that remain of it."

BaseExchanged "S03" "A sample is not its own base: its pixels are of two other images, or wholly of another."
effect: "Images and labels no longer belong together."
example: "x = x[perm] before the patch is cut, labels left in order"
hint: "Keep output i based on input i."

NotARectangle "S04" "The partner's pixels are not a filled rectangle."
effect: "The kept fraction is not that of the box, so no label rule fits."
example: "rows selected by x[a:b][:, c:d] of a copy, corners lost"
hint: "Assign one slice: x[..., y0:y1, x0:x1] = partner[..., y0:y1, x0:x1]."

PlanesDiffer "S05" "The box is another one in different channels or frames."
effect: "Colours (or frames) tear; the label fits none of them."
example: "the box drawn inside the loop over channels"
hint: "Draw the box once a sample and use it for all channels and frames."

PlaneLeftOut "S05" "Some channels or frames are not mixed at all."
effect: "The network can read the label from the plane that stays whole."
example: "x[:, :3], or x[:, 0]"
hint: "Index the last two dimensions only, so that every channel and frame takes part."

Displaced "S06" "The patch is from another place of the partner, or mirrored, or scaled."
effect: "Another augmentation than CutMix: objects are torn from their place."
example: "partner[..., y0:y1, x1:x0:-1], or a patch resized to fit"
hint: "Use the same slice for source and destination."

Blended "S07" "Base and partner are blended where one of them should be."
effect: "Mixup inside a box: both images shine through, the label counts only one."
example: "x[box] = lam * x[box] + (1 - lam) * partner[box]"
hint: "Assign the partner's pixels; lambda belongs to the box's size and to the label."

Feathered "S07" "The patch has soft edges, or a weight that varies from pixel to pixel."
effect: "The label counts pixels of the border wholly that are partly the other's."
example: "a blurred mask"
hint: "Use a mask of 0 and 1, or take the mean of the mask for the label."

InputChanged "S08" "The images that were passed in are changed by the call."
effect: "Callers who keep the batch (or a cache of it) train on mixed images next time."
example: "x[...] = ..., without a copy"
hint: "Work on a copy, or document it and declare in_place."

LabelsChanged "S08" "The labels that were passed in are changed by the call."
effect: "Callers who keep them train on mixed labels next time; a second loss sees other classes."
example: "labels *= lam, on the caller's array"
hint: "Work on a copy of the labels, or document it and declare in_place."

CallRaised "X02" "Some calls raise an error where others of the same form do not."
effect: "Training stops after hours, at a draw that is rare."
example: "randint(0, w - cut_w), which raises where the box is as wide as the image"
hint: "Look at the error and the call; draws of empty and of whole boxes, and the last batch, are the usual cause."

FormChanged "X02" "Some calls give back something of another form than the others."
effect: "The line that unpacks the result stops, or takes one array for another."
example: "if lam == 1: return images, labels"
hint: "Give back the same arrays, of the same shapes and types, from every call."

AliasedPartner "S09" "A patch was taken from a partner that had already been mixed."
effect: "Pixels of a third image appear, which the label does not name; it grows with the batch."
example: "for i in range(B): x[i, box] = x[perm[i], box]"
hint: "Read partners from a copy: x[box] = x.clone()[perm][box]."

StalePartner "S09" "A patch, or a whole image, is from an earlier call."
effect: "Its label is from this call: the pair does not belong together."
example: "a buffer kept for speed and not refilled"
hint: "Take partners from the batch at hand, or keep their labels with them."

LabelSupport "S10" "A label has weight on a class of neither image."
effect: "The model is taught a class that is not in the picture."
example: "target[:, classes] with the wrong classes"
hint: "Mix the two label rows and nothing else."

LabelIndex "S10" "The label is made of the images' numbers in the batch, not of their classes."
effect: "Labels are noise."
example: "one_hot(perm) in place of one_hot(label[perm])"
hint: "Index the labels with the permutation: label[perm]."

LabelStale "S10" "The label is made of classes of an earlier call."
effect: "Labels are noise."
example: "one-hot rows cached from the first batch"
hint: "Make label rows from the labels of the same call."

LabelSmoothed "S10" "Every class has a small weight: labels are smoothed otherwise than declared."
effect: "Smoothing applied twice, only to some samples, or unknown to whoever adds it in the loss."
example: "off = 0.1 / K; smoothing inside the mixing step and again in the loss"
hint: "Declare the smoothing that is documented, and apply it once, to mixed and unmixed samples alike."

LabelHardened "S10" "A soft label row came out as if it were one-hot."
effect: "What mixing, smoothing or distillation put into the labels before is lost."
example: "one_hot(argmax(rows))"
hint: "Mix the rows as they are."

ClassRounded "S10" "Class numbers were rounded by a half-precision type."
effect: "Classes above 256 (bfloat16) or 2048 (float16) are confused with their neighbours."
example: "labels.to(images.dtype)"
hint: "Keep class ids in an integer type."

LabelNumeric "S10" "Class numbers were interpolated as if they were quantities."
effect: "Half cat and half truck becomes whatever class lies between their numbers."
example: "lam * y + (1 - lam) * y[perm] with integer y"
hint: "Make one-hot rows first, or return both classes and the weight."

LabelSum "S11" "A label row does not add up to 1."
effect: "The loss of mixed samples is weighted differently from that of others."
example: "weights in half precision, or 1 - lam computed from another lam"
hint: "Use w and 1 - w of one w in at least 32 bits."

LabelPartner "S12" "The label's partner is another image than the one whose pixels are there."
effect: "The second half of the label is noise."
example: "two permutations, one for images and one for labels"
hint: "Draw the permutation once and use it for both."

LabelRaw "S13" "The label has the drawn lambda, not the fraction of pixels that the clipped box left."
effect: "The partner's weight is too high by 0.18 on average at alpha 1: whatever is cut off at the border is labelled."
example: "lam = beta.sample(); target = lam * y + (1 - lam) * y[perm]"
hint: "After clipping: lam = 1 - (x1 - x0) * (y1 - y0) / (W * H)."

LabelUnclipped "S13" "The label has the area of the box before it was clipped."
effect: "As with the drawn lambda: the partner's weight is too high where the box meets a border."
example: "a = WIDTH * WIDTH / DIM / DIM"
hint: "Compute the area from the clipped edges: (x1 - x0) * (y1 - y0)."

LabelSwapped "S13" "The weights of base and partner are exchanged."
effect: "Mostly wrong labels: the larger part of the image gets the smaller weight."
example: "lam = box_area / area, then lam * y_a + (1 - lam) * y_b"
hint: "The base's weight is the kept fraction; say of a returned lam whose weight it is (lam_is)."

LabelRealArea "S13" "The label has the area of the box before its edges were rounded to pixels."
effect: "Small errors on large images, up to a third on very small ones."
example: "the mask compares pixels with real corners, the label multiplies real lengths"
hint: "Count the pixels of the mask, or compute from the rounded edges."

LabelInclusive "S13" "The label counts one row and column too many or too few."
effect: "A systematic error of one border of the box."
example: "(x1 - x0 + 1) * (y1 - y0 + 1) of half-open edges"
hint: "Half-open boxes have (x1 - x0) * (y1 - y0) pixels."

LabelDenominator "S13" "The area is divided by the square of one side instead of by width times height."
effect: "Weights are wrong on every image that is not square, and may leave [0, 1]."
example: "area / (W * W)"
hint: "Divide by W * H."

LabelBatchMean "S13" "Every label of a call has the mean kept fraction of the batch."
effect: "Small boxes are labelled too strongly and large ones too weakly."
example: "lam = mask.mean()"
hint: "Take the mean over the pixels of each sample alone."

LabelOtherSample "S13" "A label has the kept fraction of another sample."
effect: "Weights are noise."
example: "lam[::-1], or lam[perm]"
hint: "Weight i belongs to sample i; flip or permute partners, not weights."

LabelSquared "S13" "The label has the square of the drawn lambda, or of its complement."
effect: "Weights are wrong by 0.17 on average."
example: "lam ** 2"
hint: "The kept fraction is 1 - (x1 - x0) * (y1 - y0) / (W * H)."

LabelReplaced "S13" "The label is wholly the partner's, whatever the box."
effect: "The larger part of most images is labelled as something else."
example: "labels[perm]"
hint: "Mix the rows by the kept fraction."

LabelUnchanged "S13" "The label is wholly the base's, though pixels were replaced."
effect: "Pixels of another class are labelled as the base: Cutout with a distracting fill."
example: "labels returned as they came; integer division of the area"
hint: "Mix the rows by the kept fraction; divide as floats."

LabelConstant "S13" "The base's weight is the same number in every label."
effect: "Weights say nothing about the pixels."
example: "0.5 * y + 0.5 * y[perm]"
hint: "Use the kept fraction of each sample."

LabelPrecision "S13" "The weight is the right one rounded to half precision."
effect: "Errors up to 0.002, and rows that do not add up to 1."
example: "lam.to(images.dtype)"
hint: "Keep weights in 32 bits, whatever the type of the images."

LabelWeight "S13" "The base's weight is not the fraction of its pixels that were kept."
effect: "Labels do not say what is in the picture."
example: "any other rule"
hint: "After clipping: lam = 1 - (x1 - x0) * (y1 - y0) / (W * H)."

BoxOutside "S14" "A reported box leaves the image, or has its edges in the wrong order."
effect: "Whoever crops by it gets an empty or a wrong region; negative edges count from the other end."
example: "x0 = cx - w // 2 without clipping"
hint: "Report the clipped edges: 0 <= x0 <= x1 <= W."

LabelEmptyBox "S15" "No pixel was replaced, but the label was changed."
effect: "A clean image is labelled as a mixture."
example: "an empty box after rounding, weight from the drawn lambda"
hint: "Compute the weight from the final box: no pixels, weight 1."

NeverApplied "S16" "Nothing was ever replaced."
effect: "There is no augmentation."
example: "return images, labels; a condition that is never true"
hint: "Check the probability, and that the result is assigned."

AppliedAtZero "S16" "Pixels were replaced at probability 0."
effect: "The augmentation cannot be switched off."
example: "the probability is stored but not used"
hint: "Apply if uniform() < probability."

DtypeChanged "S17" "The images came out in another type."
effect: "More memory and time, and surprises in the next stage."
example: "x.astype(float)"
hint: "Keep the type of the input."

BoxMisreported "S18" "The reported box is not that of the pixels."
effect: "Whatever is derived from it (labels of boxes, logs) is wrong."
example: "bbox before clipping, or rows and columns exchanged"
hint: "Report x0, y0, x1, y1 after clipping; x is the column."

LambdaMisreported "S18" "The reported lambda cannot be the one that the box was drawn with."
effect: "Logs and losses that use it are wrong."
example: "1 - lam reported, or the square root left out of the box"
hint: "Report the drawn lambda: the box before clipping has sides W sqrt(1 - lam) and H sqrt(1 - lam)."

IndexMisreported "S18" "The reported partner is not the one whose pixels are there."
effect: "Labels mixed by it belong to other images."
example: "argsort(perm) in place of perm"
hint: "Report the index with which the partners were taken."

NotDeterministic "S19" "Two runs from one seed differ."
effect: "Experiments cannot be repeated."
example: "boxes drawn from a generator that is not seeded"
hint: "Draw everything from the generator that is seeded."

LabelDtype "S20" "Label rows are of an integer type."
effect: "Weights are cut to 0 and 1."
example: "rows.astype(int)"
hint: "Return float rows."

BoxAspect "G01" "The sides of a box cannot come from one lambda: their ratio is not that of the image."
effect: "Another law of shapes than CutMix: the kept fraction and the look of patches differ."
example: "width from the height, sides exchanged, or a lambda for each side"
hint: "cut_w = W * sqrt(1 - lam), cut_h = H * sqrt(1 - lam), with W the columns."

EdgeNever "G02" "No box ever reaches one edge of the image."
effect: "The last (or first) rows and columns are never replaced: the network learns to trust them."
example: "x0 = randint(0, W - w - 1)"
hint: "Draw the centre over the whole image and clip."

SameDraws "G03" "Every call, or every run, drew the same boxes and partners."
effect: "No variety: the same patch in every batch."
example: "a generator seeded inside the call, or by the adapter in every round"
hint: "Seed once, before training."

MaskBox "M01" "A mask was cut by another box, or from another partner, than its image."
effect: "Pixels and their classes no longer belong together."
example: "two calls with draws of their own"
hint: "Cut images and masks with one box and one partner."

MaskBlended "M01" "A mask holds class numbers that were in neither mask."
effect: "Blended class numbers are other classes."
example: "lam * mask + (1 - lam) * mask[perm]"
hint: "Paste masks; never blend or interpolate them."

MaskDtype "M01" "Masks came out in another type."
effect: "Losses that want integer classes refuse them, or round."
example: "mask.float()"
hint: "Keep the masks' integer type."

Unexplained "X01" "Pixels came out that no box, move or mixture explains, of the images of this call or of the last two."
effect: "Unknown."
example: "another augmentation applied in the same step; overflow of 8 bits"
hint: "Audit CutMix alone, without other augmentations; look at the pictures of the sample."

MixupVaries "S07" "The weight of a blend is not the same for all pixels."
effect: "The label can carry one weight only."
example: "a lambda for each pixel or channel"
hint: "Draw one lambda a sample."

MixupTruncated "S02" "Blended whole numbers are cut off instead of rounded."
effect: "Images get darker by half a level with every step."
example: "(lam * a + (1 - lam) * b).astype(uint8)"
hint: "Round to nearest before the conversion."

MixupPasted "S07" "Pixels were pasted where a blend was asked for."
effect: "CutMix where Mixup was promised."
example: "the wrong branch of a switch"
hint: "Check which operation is called."

CutoutLabel "S13" "The label was changed though the box was only filled."
effect: "A partner is named that is not in the picture."
example: "CutMix's label rule used for Cutout"
hint: "Cutout leaves labels as they are."

CutoutPasted "S02" "The box holds pixels of another image instead of a fill."
effect: "CutMix where Cutout was promised."
example: "the wrong branch of a switch"
hint: "Check which operation is called."
}
