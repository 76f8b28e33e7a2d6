/// Control characters, line and paragraph separators, and the marks that reorder or hide text:
/// with them one name could pass for another (Unicode Technical Report 36, section 2.3).
/// Joiners (U+200C, U+200D) stay: some scripts and emoji need them.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
        || (u32::from(c) & 0xFFFE) == 0xFFFE
}

/// Whether a reader sees anything of it.
pub(crate) fn is_visible(text: &str) -> bool {
    text.chars()
        .any(|c| !c.is_whitespace() && !shows_nothing(c))
}

/// What is displayed as nothing, or as a blank that does not count as one: the property `Default_Ignorable_Code_Point`
/// (Unicode 17.0, DerivedCoreProperties.txt), and the braille pattern without a dot. Beside other characters they have
/// their use: joiners, variation selectors, fillers of Hangul syllables.
fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}' | '\u{2800}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_what_is_never_displayed_are_not_visible() {
        let fillers = [
            '\u{034F}',
            '\u{115F}',
            '\u{1160}',
            '\u{17B4}',
            '\u{17B5}',
            '\u{180B}',
            '\u{180F}',
            '\u{200C}',
            '\u{200D}',
            '\u{2800}',
            '\u{3164}',
            '\u{FE00}',
            '\u{FE0F}',
            '\u{FFA0}',
            '\u{FFF0}',
            '\u{1BCA3}',
            '\u{1D17A}',
            '\u{E0100}',
            '\u{E0FFF}',
            '\u{3000}',
            ' ',
        ];
        for filler in fillers {
            assert!(!is_visible(&filler.to_string()), "{filler:?}");
        }
        assert!(!is_visible(&String::from_iter(fillers)));
        assert!(!is_visible(""));
    }

    #[test]
    fn one_character_that_is_displayed_is_visible_among_others() {
        for text in [
            "a",
            "\u{3164}a",
            "❤\u{FE0F}",
            "می\u{200C}خواهم",
            "\u{2801}",
            "ㅥ",
            "ᄀ",
        ] {
            assert!(is_visible(text), "{text:?}");
        }
    }
}
