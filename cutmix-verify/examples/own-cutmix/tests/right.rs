//! Everything that this implementation has, tested in three lines.

mod subject;

cutmix_verify::cutmix_tests!(subject::Own(own_cutmix::weight); boxes, labels, properties, audit);
