/* phrase.h - where Japanese may break: between phrases, not inside them.
 *
 * Japanese is written without spaces, and Pango may break it after almost any letter: "ひ / とくち". A phrase
 * begins where kanji, katakana, letters or digits follow hiragana (particles and endings are hiragana), and
 * after punctuation; the honorific before a kanji belongs to it. That is a rule of thumb, not a grammar.
 *
 * Thread: any. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_PHRASE_H
#define TYPESET_PHRASE_H

/* A copy of the text with U+2060 (word joiner) wherever a line must not end inside a phrase; of text without
 * kana an exact copy. Very long phrases stay as they are: they have to break somewhere. Ends in g_free. */
char *phrase_bind(const char *text);

#endif
