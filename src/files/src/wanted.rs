//! Which values of records are wanted, as one tree: what several paths share is walked once.

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the member of an object with this key. In a list, to that of each item.
    Key(Vec<u8>),
    /// To the item of a list at this index; a negative one counts from the end.
    Index(i64),
}

/// The wanted columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// For each column the number of the place where its path leads, and of the one under its name, if it is not the
    /// same.
    pub(crate) columns: Vec<(usize, Option<usize>)>,
    /// How many places there are.
    pub(crate) places: usize,
    pub(crate) root: Node,
}

/// A place in a record to which paths lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    /// The numbers of the places of paths that end here.
    pub(crate) places: Vec<usize>,
    /// The numbers of the places here and further on.
    pub(crate) below: Vec<usize>,
    pub(crate) keys: Vec<(Vec<u8>, Node)>,
    pub(crate) indexes: Vec<(i64, Node)>,
}

impl Wanted {
    /// Columns, each given by its name and by its path, which counts in records without a key of that name.
    pub fn new(columns: &[(Vec<u8>, Vec<Step>)]) -> Self {
        let mut wanted = Self::default();
        for (name, path) in columns {
            let exact = [Step::Key(name.clone())];
            let place = wanted.add(path);
            let other = (path[..] != exact).then(|| wanted.add(&exact));
            wanted.columns.push((place, other));
        }
        wanted
    }

    fn add(&mut self, path: &[Step]) -> usize {
        self.root.add(self.places, path);
        self.places += 1;
        self.places - 1
    }
}

impl Node {
    fn add(&mut self, place: usize, path: &[Step]) {
        self.below.push(place);
        let Some((step, rest)) = path.split_first() else {
            self.places.push(place);
            return;
        };
        match step {
            Step::Key(key) => child(&mut self.keys, key).add(place, rest),
            Step::Index(index) => child(&mut self.indexes, index).add(place, rest),
        }
    }

    /// Where `key` leads.
    #[inline]
    pub(crate) fn member(&self, key: &[u8]) -> Option<&Node> {
        self.keys.iter().find(|(own, _)| own == key).map(|(_, node)| node)
    }

    /// Where `index` leads.
    pub(crate) fn item(&self, index: i64) -> Option<&Node> {
        self.indexes.iter().find(|(own, _)| *own == index).map(|(_, node)| node)
    }
}

/// The node under a name, made if there is none.
fn child<'a, K: Clone + PartialEq>(children: &'a mut Vec<(K, Node)>, name: &K) -> &'a mut Node {
    let at = children.iter().position(|(own, _)| own == name).unwrap_or_else(|| {
        children.push((name.clone(), Node::default()));
        children.len() - 1
    });
    &mut children[at].1
}
