//! The codes of all errors, of this library's crates and of the Python package: the one table that both read.

/// Declares the codes: each variant, its stable name and its meaning.
macro_rules! codes {
    ($($variant:ident $name:literal $meaning:literal)*) => {
        /// A kind of error, by the name that users may rely on.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name, which never changes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                }
            }
        }
    };
}

codes! {
    UnknownMetric "unknown-metric" "No metric has this name."
    BadOption "bad-option" "A metric's option is unknown, of the wrong type, or out of range."
    NoMetric "no-metric" "A scorer was made without metrics."
    SameColumn "same-column" "Two metrics would make columns of the same name."
    BadThreads "bad-threads" "The number of threads is not a whole number above 0."
    BadNullPolicy "bad-null-policy" "The null policy is not one of those that the call knows."
    WrongType "wrong-type" "A text is not a string, or a column is not something with texts in it."
    MissingText "missing-text" "A text is None, NaN or null, and the null policy is 'error'."
    NoReference "no-reference" "A row has an empty list of references."
    EmptyReference "empty-reference" "A reference has no tokens, and the option empty_references is 'error'."
    SeveralReferences "several-references" "A row has several references where one is wanted."
    UnequalLengths "unequal-lengths" "Predictions and references differ in number."
    Transposed "transposed" "References look like one list for each set instead of one for each row."
    BadTokenizer "bad-tokenizer" "A tokenizer or transform returned something other than strings."
    MissingPackage "missing-package" "A tokenizer or transform needs a package that is not installed."
    MissingModel "missing-model" "A tokenizer's model or dictionary is missing, unreadable, or not the one it should be."
    NoMemory "no-memory" "There is no memory for the scores of so many rows, samples or pairs."
    TooLarge "too-large" "A token is 4 GiB or longer, or sums are such as no rows can have."
    NoRow "no-row" "There is no such row, or none at all."
    BadFile "bad-file" "A file cannot be read, is of no known kind, or lacks a column."
    BadRecord "bad-record" "An output of a language model lacks a field, or holds a value that cannot be scored."
    SignatureMismatch "signature-mismatch" "Aggregates or prepared texts were made with other options."
    BadAggregate "bad-aggregate" "Bytes are not an aggregate that this version reads."
    BadMeasurements "bad-measurements" "Bytes are not measurements that this version reads."
    NotFitted "not-fitted" "A metric reads all references before the first pair is scored, but they can be read only once."
    BadFitted "bad-fitted" "Bytes are not what this version fits to references."
    NoThreads "no-threads" "The system refused to start threads."
    Internal "internal" "A defect in textgauge itself; please report it."
}
