//! The outline of a document: its definitions, what each holds, and which fragments it spreads.
//!
//! A small state machine over tokens. It need not know the whole grammar, because the parser comes
//! after it; it must never count less than the parser would build. Where the two could read a text
//! differently (a keyword glued to a name, a fragment called `on`) it refuses: the GraphQL
//! specification allows none of those.

use super::{
    GuardError, Limits,
    expansion::{Definition, Spread},
    token::{Token, Tokens},
};

/// What one pass over the text has counted.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    pub(super) definitions: Vec<Definition<'a>>,
    pub(super) operations: usize,
    pub(super) tokens: usize,
    /// The most brackets of any kind that are open at once.
    pub(super) nesting: usize,
    pub(super) aliases: usize,
    pub(super) directives: usize,
}

/// An open bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// `{` of a selection set; at the root while only inline fragments lie around it.
    Selection { is_root: bool },
    /// Any bracket around arguments, variables or values, with the byte that closes it.
    Input { closing: u8 },
}

/// What a name that follows would mean, where its place alone does not tell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Anything,
    FragmentName,
    SpreadTarget,
    TypeCondition,
    DirectiveName,
}

/// Reads the outline, and stops at the first limit that is passed.
pub(super) fn read<'a>(document: &'a str, limits: &Limits) -> Result<Outline<'a>, GuardError> {
    let mut tokens = Tokens::new(document);
    let mut reader = Reader {
        limits,
        outline: Outline::default(),
        brackets: Vec::with_capacity(limits.nesting),
        expected: Expected::Anything,
        is_in_header: false,
        is_inline_fragment: false,
    };
    while let Some(token) = tokens.next() {
        let read = token
            .map_err(|_| Refusal::Malformed)
            .and_then(|token| reader.read(token));
        read.map_err(|refusal| match refusal {
            Refusal::Limit(error) => error,
            Refusal::Malformed => GuardError::malformed(document, tokens.latest()),
        })?;
    }
    Ok(reader.outline)
}

enum Refusal {
    Limit(GuardError),
    Malformed,
}

struct Reader<'a, 'l> {
    limits: &'l Limits,
    outline: Outline<'a>,
    brackets: Vec<Bracket>,
    expected: Expected,
    /// Between the keyword of a definition and its selection set.
    is_in_header: bool,
    /// Whether a selection set that opens now belongs to an inline fragment rather than a field.
    is_inline_fragment: bool,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, token: Token<'a>) -> Result<(), Refusal> {
        count(
            &mut self.outline.tokens,
            self.limits.tokens,
            GuardError::TooManyTokens,
        )?;
        let expected = std::mem::replace(&mut self.expected, Expected::Anything);
        match (token, expected) {
            (Token::Name(name), _) => return self.name(name, expected),
            (_, Expected::Anything)
            // `... @include(if: $x) { … }` and `... { … }` are inline fragments without a type.
            | (Token::Punctuation(b'@' | b'{'), Expected::SpreadTarget) => {}
            _ => return Err(Refusal::Malformed),
        }
        match token {
            Token::Spread => self.spread(),
            Token::Punctuation(mark) => self.punctuation(mark),
            Token::Literal | Token::Name(_) => Ok(()),
            Token::Foreign => Err(Refusal::Malformed),
        }
    }

    fn name(&mut self, name: &'a str, expected: Expected) -> Result<(), Refusal> {
        match expected {
            Expected::DirectiveName | Expected::TypeCondition => Ok(()),
            Expected::FragmentName if name == "on" => Err(Refusal::Malformed),
            Expected::FragmentName => {
                if let Some(definition) = self.outline.definitions.last_mut() {
                    definition.fragment = Some(name);
                }
                Ok(())
            }
            Expected::SpreadTarget if name == "on" => {
                self.expected = Expected::TypeCondition;
                Ok(())
            }
            Expected::SpreadTarget => {
                let is_at_root =
                    self.brackets.last() == Some(&Bracket::Selection { is_root: true });
                if let Some(definition) = self.outline.definitions.last_mut() {
                    definition.spreads.push(Spread {
                        target: name,
                        is_at_root,
                    });
                }
                Ok(())
            }
            Expected::Anything => match self.brackets.last() {
                None if self.is_in_header => Ok(()),
                None => self.begin_definition(name),
                Some(Bracket::Selection { is_root }) => {
                    self.change_fields(*is_root, |fields| fields.saturating_add(1));
                    self.is_inline_fragment = false;
                    Ok(())
                }
                Some(Bracket::Input { .. }) => Ok(()),
            },
        }
    }

    fn begin_definition(&mut self, keyword: &str) -> Result<(), Refusal> {
        match keyword {
            "query" | "mutation" | "subscription" => {
                count(&mut self.outline.operations, 1, |_| {
                    GuardError::SeveralOperations
                })?;
            }
            "fragment" => self.expected = Expected::FragmentName,
            _ => return Err(Refusal::Malformed),
        }
        self.is_in_header = true;
        self.push_definition()
    }

    fn push_definition(&mut self) -> Result<(), Refusal> {
        self.outline.definitions.push(Definition::default());
        let mut before = self.outline.definitions.len() - 1;
        count(
            &mut before,
            self.limits.definitions,
            GuardError::TooManyDefinitions,
        )
    }

    fn spread(&mut self) -> Result<(), Refusal> {
        if !matches!(self.brackets.last(), Some(Bracket::Selection { .. })) {
            return Err(Refusal::Malformed);
        }
        if let Some(definition) = self.outline.definitions.last_mut() {
            definition.own.selections = definition.own.selections.saturating_add(1);
        }
        self.is_inline_fragment = true;
        self.expected = Expected::SpreadTarget;
        Ok(())
    }

    fn punctuation(&mut self, mark: u8) -> Result<(), Refusal> {
        match mark {
            b'{' => self.open_brace(),
            b'(' => self.open(Bracket::Input { closing: b')' }),
            b'[' => self.open(Bracket::Input { closing: b']' }),
            b'}' | b')' | b']' => self.close(mark),
            b'@' => {
                self.expected = Expected::DirectiveName;
                count(
                    &mut self.outline.directives,
                    self.limits.directives,
                    GuardError::TooManyDirectives,
                )
            }
            b':' => match self.brackets.last() {
                // The name before was an alias and not a field; the field comes now.
                Some(Bracket::Selection { is_root }) => {
                    self.change_fields(*is_root, |fields| fields.saturating_sub(1));
                    count(
                        &mut self.outline.aliases,
                        self.limits.aliases,
                        GuardError::TooManyAliases,
                    )
                }
                _ => Ok(()),
            },
            b'$' => {
                if let Some(definition) = self.outline.definitions.last_mut() {
                    definition.own.variable_uses = definition.own.variable_uses.saturating_add(1);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn open_brace(&mut self) -> Result<(), Refusal> {
        let bracket = match self.brackets.last() {
            None => {
                if !self.is_in_header {
                    count(&mut self.outline.operations, 1, |_| {
                        GuardError::SeveralOperations
                    })?;
                    self.push_definition()?;
                }
                self.is_in_header = false;
                Bracket::Selection { is_root: true }
            }
            Some(Bracket::Selection { is_root }) => Bracket::Selection {
                is_root: *is_root && self.is_inline_fragment,
            },
            Some(Bracket::Input { .. }) => Bracket::Input { closing: b'}' },
        };
        self.open(bracket)
    }

    fn open(&mut self, bracket: Bracket) -> Result<(), Refusal> {
        if self.brackets.len() >= self.limits.nesting {
            return Err(Refusal::Limit(GuardError::NestedTooDeep(
                self.limits.nesting,
            )));
        }
        if matches!(bracket, Bracket::Selection { .. }) {
            self.is_inline_fragment = false;
        }
        self.brackets.push(bracket);
        self.outline.nesting = self.outline.nesting.max(self.brackets.len());
        Ok(())
    }

    fn close(&mut self, mark: u8) -> Result<(), Refusal> {
        match self.brackets.pop() {
            Some(Bracket::Input { closing }) if closing == mark => Ok(()),
            Some(Bracket::Selection { .. }) if mark == b'}' => {
                self.is_inline_fragment = false;
                Ok(())
            }
            _ => Err(Refusal::Malformed),
        }
    }

    fn change_fields(&mut self, is_root: bool, change: impl Fn(u64) -> u64) {
        if let Some(definition) = self.outline.definitions.last_mut() {
            definition.own.selections = change(definition.own.selections);
            if is_root {
                definition.own.root_fields = change(definition.own.root_fields);
            }
        }
    }
}

/// Counts one more, unless that is one too many.
fn count(
    counter: &mut usize,
    limit: usize,
    error: impl Fn(usize) -> GuardError,
) -> Result<(), Refusal> {
    if *counter >= limit {
        return Err(Refusal::Limit(error(limit)));
    }
    *counter += 1;
    Ok(())
}
