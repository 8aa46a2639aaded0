/* bad_input_test.c - what people and attackers send that is wrong: tokens, amounts, currencies, edits at the same
 * time, damaged keys, clocks. Each gets a clear error with its status and its place; nothing is changed, and nothing
 * that was sent as a credential is told again. Numbers and threat model: docs/security.md. */
#include "house.h"

#include "platform/files.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ------------------------------------------------------------------------------------------- tokens -- */

/* Made once with a key that was thrown away: good until 2100, the others wrong in one thing each. */
static const char public_key[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsm0OrrnP6eORs1O5vJ1X\n"
    "twzipCZrsD7YWFuElPKiGGik2X3kCjg3CimR+nmVz7Xx6bs4XWp9bKVjfF5v/H3w\n"
    "pe10nGS3d9ieL/Oz2164n/y2Skyl5XgD0Gr0Vu05mEAU+BnMWjKr1+tGITkiAC1j\n"
    "Ud9oKC0MqeN6ChakIH3epeq83kHz47vqNlWzLLF+VuJ3ASMsWx5i3DXtTC5usC2r\n"
    "1XpbTUFEvaHNyM6Qj1r+DLv46Oxb0D0YTNAySRxQLNblFGS/eREhrFTVgbsULQS4\n"
    "gXg78EfZbBe9SGaTuBxJa1GOk0+zQzQuz3Tlp+UAzGh1NKUW74QAjB56hf7eMMWr\n"
    "bwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

static const char good_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.EDKOV6Gd_dDT_TfmX2fl0Gh9jsm9xlYwqfPmQXiKU7MqlGnh9lGbJ3S3SD8pYOPJw"
    "mc56FfkL2BVlazrydpjqZx9HfsGdaMfz1ikLyfKIOweh3zFzxVlwTKl_-GVEv2AxIMBZ68ecU58jo7inAzJv"
    "YDeIqsOb--yauTKlTzUir3kpxQ3QBZIg_XtOyB1ffr-8hx1CVtvWj6fw9X7R34Cv2_8W49je1UaKbScvunwq"
    "byufYR3E5cxAwVG3FXocN7g53tUcScmk8S6szPH_b9Ba_LcvDzxogm8H_GEdzVTtCw8TTnoLBgKUFl4etFcu"
    "9pkYKj4105HZZeZfhydfL5ELQ";
static const char expired_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjE3MDAwMDAw"
    "NjAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.Rnvn-hyv25NEQif8EwufDgEoMB_RkvRCNPZa1VGJEpTSRtt_rTtUXEmjVVqMfGGRk"
    "jkGC2R78vVw8TYZIzkvrd5qABh-wiWCYH7cYoFJen5LjK1TEQFkv8Coiw0fUU6ENDgLbN1-yCW8NGn9tK_cw"
    "P-fEWYtXoTjRjXsTqrr7f68TEe69nN1ns8LBnw9ErirJpM1mL6mfPt2bQb_ZwXIuhWMzNNpAnnIQADnSrtfL"
    "DrEDl5HjFcLiz6B6V5PXzXXGiF0_3CixCxRbcdrdUyvmHiqtT3CqhU3QilTSRwHSp608bkx6b-PdFJAbXh7W"
    "Q0qZjjQ5HPxdcV3Hg1O6Yooqg";
static const char not_yet_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjo0MTAyNDQ0MDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.Htx1JGYX-VnVKxVVJoUMjaNLqA22I9KDbhK8HgbD8Y4ygQN9j7UcUJdy_tu63W09a"
    "r1LVyFbbcEdRTrdPy46k9MIDwtO9wKAwr0n6cm3QZsX25p8KBLKXo3t-CPV7vSR4JwpNnzFkVExhu2KwFT83"
    "hc7Vg6-WY-je-HTHjtyAl9TuJsvipbN4QCqsZbKf5nhjDrR4GWhr5IR-h0SwyD88Z6-UKvB6Y4-GhGuK_FuJ"
    "5kZAzHGyR1cHAXmQj7mrNkFijdpLwEHAW3gcq86_5xISNbsO-GisJbj_tqEPJvEMROS1n-5gmDkf_gEUdg8r"
    "N8v6Zt7R-lBS3M3lL4arXyB1A";
static const char from_the_future_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6NDEwMjQ0NDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.WZC6yf0_wZxzdjqf087tzI99piZTqGN-vIngC93GK2qLKxUb8ClsvIw-Ty0HogaUC"
    "Qanbrn0qc4fSJMf_kHj996tvszCmMtpwg1fc-2PWpTb-o7wawwzYhKDNKA1t-fc0Mwe4q0YTsjnTyp1BwwAL"
    "82IluIPJ8SMuhHYC6M9M8OXoaW2C4b_1rRhmuii-ZZ3I7EszY9BlFXl9dF1yX1y_5cHKP0e5H1ePCWQikNlt"
    "WjVl9P2qibrTGfnDhrUUp-EObw9IoCi0eGrj9KlO88DPnyDLBnB1J4mzhT7Lw200sD18BgekeC7kNHS8CY6O"
    "Qlp42Yaj3InpPcC5WIDpFqgwg";
static const char wrong_audience_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6InNvbWVib2R5LWVsc2UiLCJvIjp7ImlkIjoib3JnX2FjbWUiLCJyb2wiOiJhZG1p"
    "biIsInNsZyI6ImFjbWUifX0.B-iWGye5FIMu5VY45iec72xMpjTGrKfdWNrYeccYTHgyQeQD3pt0EFkiZN6a"
    "Tydf8wKe5c7oAif4e4XZlp-MBgbCH00Mgobuksj_q0NBeHoldoBmGH_W_fOwT9vDXgyz-itrpMJ2E_8s8rwM"
    "JIHJGRGtKPDgmfdrEaD34t6yvdyBv1-hsMTl8eaBfKl0xIPnerpaMF2DsX14OfQdO-qjRWifp5KxgJLC56Hb"
    "lmYd45hUsbczwc_l86ij7SfBzalblQwJ0NSpvtucdImfN4HTQEOC_BH0M9K-FJ4GfPI3s9yudK1sSDevVqE9"
    "hBS1E9Kw_5LmtDzFphj4XGc0IpefaA";
static const char no_audience_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwic2xnIjoiYWNtZSJ9fQ.l5SB5"
    "k8SFcxUzS6AwhY0tqUEdKy3KGGpjVEzEzo5tUJOd_EwrMM5XeSros5y-ksVrnChfiQMxoBhUo1M4TOz3eYbY"
    "UuD5SaOfU_u0m9vkXt25nM82GIp27XBoR__PtjNBfyymPwQTTaUKEduHIBze-JLKZsz3yTjOjNLvucvOr1O_"
    "-b6MOM1R82QSwaurrRmSp8_7kOdq1yOLZbQLTBBseYc-6x9lzNDM4PzGgvd11-cXc69wArMzawcwYXQmABdA"
    "e-JbBvCTMkzvqNeEiOsenDAcXtZwj4Ub0sK1DSHIq3ZLzxmK14xbbGetNtu2c6_ZEy8ecYsv43bWSKOxaEZF"
    "w";
static const char wrong_party_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vZXZpbC5leGFtcGxlIiwic3ViIjoidXNlcl8xIiwic2lk"
    "Ijoic2Vzc18xIiwiaWF0IjoxNzAwMDAwMDAwLCJuYmYiOjE3MDAwMDAwMDAsImV4cCI6NDEwMjQ0NDgwMCwi"
    "diI6MiwiYXVkIjoiZ2VuZW5naW5lIiwibyI6eyJpZCI6Im9yZ19hY21lIiwicm9sIjoiYWRtaW4iLCJzbGci"
    "OiJhY21lIn19.LgDtjsy37jyTQE-vYnp8mjddj2w8j95HQ9pB-SzvC2StpG93sE7zvRPE_EmOEG1PcE0fIQl"
    "eryLup4xy-ho264EINqMUv0RWB905CBreRLCjTujQ4LMnrYJGxe99szowhdrH-enUEJntBzbD8phjRrITE_-"
    "T8i24aqZQSTkuX0OWWtwvplX9VqXd7Ku06pSvuAMRTdLraRQ1ZTkDcQ-X8EFRPQ_ArQEJYnPCEvDy1oZrbbx"
    "1ZcdHtpKLSnnQhfzx2rBfs1Qi-kznhTGnAn0JQUNige57ZCoHCFBRy1U05dTXpX_oR5Q67VN6wJ6lZWbbwiE"
    "Ciojk4NHVET15sPz2-g";
static const char wrong_issuer_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2V2aWwu"
    "ZXhhbXBsZSIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIsInNpZCI6"
    "InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4MDAsInYi"
    "OjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwic2xnIjoi"
    "YWNtZSJ9fQ.f2K9GNZCLV3B9mKvk8BlFX9tq2Og0rOblKBq1Ei1qH6oyAB8iNeOyaXwDi8tgwaGS5enuGCD9"
    "YpTiSyzVk7v2oNsuHvLXqaOkdEbXU7sD8X5BWDfpMp_aY-UmtbsGnrAl8_WTWQ4xkfqTuiImxnt2XMr1hIR3"
    "EoWCsygBYE_q3IyPzY8PRAFX9KkWDtl5yk7nFCRHP8f8wc7l-WtZfodyu-Wg4-3yzOXoljF38lTH_lLuPzpq"
    "MazG9QsDdhdol5o6uoWQzqBU7ixXqURhDgJP76394MpSvN1q4idnmEx3vbDoFbJ5BFEo-fulKI-VgqV-0xCf"
    "N3XWysKGpWYB4MpPw";
static const char none_token[] =
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJrLmV4YW1wbGUudGVzdCIs"
    "ImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIsInNpZCI6InNlc3NfMSIs"
    "ImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4MDAsInYiOjIsImF1ZCI6"
    "ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwic2xnIjoiYWNtZSJ9fQ.";
static const char none_signed_token[] =
    "eyJhbGciOiJub25lIiwia2lkIjoiaW5zXzEiLCJ0eXAiOiJKV1QifQ.eyJpc3MiOiJodHRwczovL2NsZXJrL"
    "mV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIsI"
    "nNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4M"
    "DAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwic"
    "2xnIjoiYWNtZSJ9fQ.EDKOV6Gd_dDT_TfmX2fl0Gh9jsm9xlYwqfPmQXiKU7MqlGnh9lGbJ3S3SD8pYOPJwm"
    "c56FfkL2BVlazrydpjqZx9HfsGdaMfz1ikLyfKIOweh3zFzxVlwTKl_-GVEv2AxIMBZ68ecU58jo7inAzJvY"
    "DeIqsOb--yauTKlTzUir3kpxQ3QBZIg_XtOyB1ffr-8hx1CVtvWj6fw9X7R34Cv2_8W49je1UaKbScvunwqb"
    "yufYR3E5cxAwVG3FXocN7g53tUcScmk8S6szPH_b9Ba_LcvDzxogm8H_GEdzVTtCw8TTnoLBgKUFl4etFcu9"
    "pkYKj4105HZZeZfhydfL5ELQ";
static const char hmac_by_public_key_token[] =
    "eyJhbGciOiJIUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.dEOJCiw29lHIP0CtJXr8YUS8SI6iKSXWHb8JJCgWku8";
static const char forged_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMiIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.EDKOV6Gd_dDT_TfmX2fl0Gh9jsm9xlYwqfPmQXiKU7MqlGnh9lGbJ3S3SD8pYOPJw"
    "mc56FfkL2BVlazrydpjqZx9HfsGdaMfz1ikLyfKIOweh3zFzxVlwTKl_-GVEv2AxIMBZ68ecU58jo7inAzJv"
    "YDeIqsOb--yauTKlTzUir3kpxQ3QBZIg_XtOyB1ffr-8hx1CVtvWj6fw9X7R34Cv2_8W49je1UaKbScvunwq"
    "byufYR3E5cxAwVG3FXocN7g53tUcScmk8S6szPH_b9Ba_LcvDzxogm8H_GEdzVTtCw8TTnoLBgKUFl4etFcu"
    "9pkYKj4105HZZeZfhydfL5ELQ";
static const char cut_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOjQxMDI0NDQ4"
    "MDAsInYiOjIsImF1ZCI6ImdlbmVuZ2luZSIsIm8iOnsiaWQiOiJvcmdfYWNtZSIsInJvbCI6ImFkbWluIiwi"
    "c2xnIjoiYWNtZSJ9fQ.EDKOV6Gd_dDT_TfmX2fl0Gh9jsm9xlYwqfPmQXiKU7MqlGnh9lGbJ3S3SD8pYOPJw"
    "mc56FfkL2BVlazrydpjqZx9HfsGdaMfz1ikLyfKIOweh3zFzxVlwTKl_-GVEv2AxIMBZ68ecU58jo7inAzJv"
    "YDeIqsOb--yauTKlTzUir3kpxQ3QBZIg_XtOyB1ffr-8hx1CVtvWj6fw9X7R34Cv2_8W49je1UaKbScvunwq"
    "byufYR3E5cxAwVG3FXocN7g53tUcScmk8S6szPH_b9Ba_LcvDzxogm8H_GEdzVTtCw8TTnoLBgKUFl4etFcu"
    "9pkYKj4105HZZeZfh";
static const char no_end_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJ2IjoyLCJhdWQiOiJn"
    "ZW5lbmdpbmUiLCJvIjp7ImlkIjoib3JnX2FjbWUiLCJyb2wiOiJhZG1pbiIsInNsZyI6ImFjbWUifX0.YpkG"
    "8yRd7IebzqgXMXOEoauqWzf7IbyMxTcUU7EXBABaQOpt0RWuwvhJcNtXGqI-uN_pSEhUeEDQEjcA9LO9PsaV"
    "6okg0GaLDFZsTFP_DkwqbkevciGG1Xsq7n9Ux5sb_5dj2DtMtI_3tsiqihcAbZApkCug2mlAADw_YOo6fJT8"
    "wyosvbD9rz7EBksrEwkTIyP3TLehP5XKLzKU21I-MTxPIpI1xctXs7kogCF1tT--yn9eTMi0yIhWHFzVHGSw"
    "10pdV2FC4WrnMU2lrBzC90JtJchhOhwcsflhoTannGL8VeZ7AQa_c9jmnF9S18qgWQQEpScTw0V5ptTXeOAV"
    "VA";
static const char text_end_token[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18xIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2NsZXJr"
    "LmV4YW1wbGUudGVzdCIsImF6cCI6Imh0dHBzOi8vYXBwLmV4YW1wbGUudGVzdCIsInN1YiI6InVzZXJfMSIs"
    "InNpZCI6InNlc3NfMSIsImlhdCI6MTcwMDAwMDAwMCwibmJmIjoxNzAwMDAwMDAwLCJleHAiOiI0MTAyNDQ0"
    "ODAwIiwidiI6MiwiYXVkIjoiZ2VuZW5naW5lIiwibyI6eyJpZCI6Im9yZ19hY21lIiwicm9sIjoiYWRtaW4i"
    "LCJzbGciOiJhY21lIn19.FkIiVlXm3UMnZRPQgkP35Qf24dA9hA3CZd48w8nbGjbaaNM4YLCR7ZoDq4k7dh2"
    "eHryYXUiFFQ2vscu9iQLWdxxm1ftC3YeEPNQI-99vzm9sfdhrtWsdXQJ4SirKZ_rX1s68xtJjHhnVOXelYCz"
    "NcgRZOcfJ7jCI3i82QEC6za-g0Jw5UqIsgiZr2VhiUkdRQosilluCvfPOozKgYb0kpvP5IGWuZQUDQSAqf4Q"
    "sPHW-yaRgioLGbq3CiqJsRD2ATATwdPhHmIbfGVwbhKPGk0I5oKeHzROq4Gmsewmxyw7V8FUdys1eSuPIFGF"
    "dYJ6cBrwAX7noc3C3vO1nKMSS7g";

static const struct {
    const char *name, *token;
    int status;
    const char *says; /* of the detail */
} token_rows[] = {
    {"good", good_token, 200, NULL},
    {"expired", expired_token, 401, "expired"},
    {"nbf in the future", not_yet_token, 401, "not valid yet"},
    {"iat in the future", from_the_future_token, 401, "issued in the future"},
    {"another audience", wrong_audience_token, 401, "aud"},
    {"no audience, where one is asked for", no_audience_token, 200, NULL},
    {"another party", wrong_party_token, 401, "azp"},
    {"another issuer", wrong_issuer_token, 401, "iss"},
    {"alg none", none_token, 401, "three parts"},
    {"alg none, with a signature", none_signed_token, 401, "RS256"},
    {"HS256 with the public key", hmac_by_public_key_token, 401, "RS256"},
    {"other claims under a good signature", forged_token, 401, "signature"},
    {"cut", cut_token, 401, "signature"},
    {"no exp", no_end_token, 401, "exp"},
    {"exp as a text", text_end_token, 401, "exp"},
};

static void add_config(struct house *house, const char *text)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/gend.yaml", house->folder);
    file = fopen(path, "a");
    cr_assert(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

Test(bad_input, tokens, .timeout = 120)
{
    struct house house = {0};
    struct gen_error err = {0};
    char path[128], log[128];

    house_open(&house);
    (void)snprintf(path, sizeof path, "%s/clerk.pem", house.folder);
    (void)snprintf(log, sizeof log, "%s/gend.log", house.folder);
    house.log = log;
    cr_assert(gen_files_write(path, public_key, strlen(public_key), 0600, &err) == GEN_OK);
    add_config(&house, gen_arena_printf(house.arena,
                                        "clerk:\n  issuer: https://clerk.example.test\n  key: %s\n"
                                        "  authorizedParties: [https://app.example.test]\n"
                                        "  audiences: [genengine]\n", path));
    house_start(&house, NULL);
    cr_assert(!house.ended);
    for (size_t i = 0; i < GEN_COUNT(token_rows); i++) {
        struct house_reply reply = house_ask(
            &house, &(struct house_ask){.method = "GET", .path = "/v1/me", .way = HOUSE_NO_KEY,
                                        .bearer = token_rows[i].token});
        const char *tail = token_rows[i].token + strlen(token_rows[i].token) - 20;

        cr_expect(reply.status == token_rows[i].status, "%s: %d %s", token_rows[i].name,
                  reply.status, reply.body);
        cr_expect(token_rows[i].says == NULL || strstr(reply.body, token_rows[i].says) != NULL,
                  "%s: %s", token_rows[i].name, reply.body);
        cr_expect(strstr(reply.body, tail) == NULL, "%s is told again", token_rows[i].name);
    }
    house_stop(&house);
    {
        struct gen_bytes text;

        gen_bytes_init(&text, 1 << 24);
        cr_assert(gen_files_read(log, &text, &err) == GEN_OK);
        for (size_t i = 0; i < GEN_COUNT(token_rows); i++) {
            cr_expect(strstr(text.data, token_rows[i].token + 60) == NULL, "%s is in the log",
                      token_rows[i].name);
        }
        gen_bytes_fini(&text);
    }
    house.gend = NULL;
    house_close(&house);
}

/* ------------------------------------------------------------------------------------------ amounts -- */

static const struct {
    const char *json;  /* as it stands in a document */
    enum { GOOD = 1, WRONG, NO_JSON } is;
} amounts[] = {
    {"10", GOOD},
    {"0.000001", GOOD},
    {"-1", WRONG},
    {"-0.000001", WRONG},
    {"1e30", WRONG},
    {"1e400", NO_JSON},
    {"-1e30", WRONG},
    {"NaN", NO_JSON},
    {"Infinity", NO_JSON},
    {"1e-9", WRONG},
    {"0.0000001", WRONG},
    {"9223372036854.775808", WRONG},
    {"1000000001", WRONG},
    {"\"5 EUR\"", WRONG},
    {"\"\"", WRONG},
    {"\"1,5\"", WRONG},
    {"true", WRONG},
    {"[1]", WRONG},
    {"{}", WRONG},
};

/* Everywhere where money comes in: %s is the amount. */
static const struct {
    const char *path, *body;
    int good;
    const char *key;
} tills[] = {
    {"/v1/budgets", "{\"scope\":\"project\",\"of\":\"p%d\",\"period\":\"month\",\"hard\":%s}", 201, "hard"},
    {"/v1/keys", "{\"name\":\"k%d\",\"role\":\"viewer\",\"spendLimit\":%s}", 201, "spendLimit"},
    {"/v1/estimates",
     "{\"title\":\"t%d\",\"budget\":%s,\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}],"
     "\"variations\":[{\"resolution\":\"320x320\"}]}",
     200, "budget"},
};

Test(bad_input, amounts, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply;

    house_open(&house);
    house_start(&house, NULL);
    for (size_t t = 0; t < GEN_COUNT(tills); t++) {
        for (size_t i = 0; i < GEN_COUNT(amounts); i++) {
            const char *body = gen_arena_printf(house.arena, tills[t].body, (int)i, amounts[i].json);

            reply = house_post(&house, tills[t].path, body);
            if (amounts[i].is == GOOD) {
                cr_expect(reply.status == tills[t].good, "%s %s: %d %s", tills[t].path,
                          amounts[i].json, reply.status, reply.body);
                continue;
            }
            cr_expect(reply.status == 422 || reply.status == 400, "%s %s: %d %s", tills[t].path,
                      amounts[i].json, reply.status, reply.body);
            cr_expect(amounts[i].is == NO_JSON || strstr(reply.body, tills[t].key) != NULL,
                      "%s %s: %s", tills[t].path, amounts[i].json, reply.body);
        }
    }
    /* another currency */
    reply = house_post(&house, "/v1/budgets", "{\"scope\":\"project\",\"of\":\"euro\",\"period\":\"month\","
                                              "\"hard\":5,\"currency\":\"EUR\"}");
    cr_expect(reply.status == 422 && strstr(reply.body, "USD") != NULL, "%d %s", reply.status,
              reply.body);
    reply = house_get(&house, "/v1/budgets");
    /* two good ones, and the good limits of keys */
    cr_expect(gen_node_count(gen_node_get(reply.document, "budgets")) == 4, "%s", reply.body);
    cr_expect(strstr(reply.body, "euro") == NULL);
    house_close(&house);
}

/* Invoices: another currency, amounts that are none, refunds that are more than was paid. */
static const struct {
    const char *content;
    const char *verdict; /* of its line; NULL: the whole of it is refused */
    const char *says;
} invoices[] = {
    {"id,amount,currency\\nabc,0.40,EUR\\n", "refused", "only US dollars"},
    {"id,amount\\nabc,0.40 EUR\\n", "refused", "dollar"},
    {"id,amount\\nabc,1e30\\n", "refused", ""},
    {"id,amount\\nabc,NaN\\n", "refused", ""},
    {"id,amount\\nabc,-0.40\\n", "credit", ""}, /* kept, and booked by nobody */
};

Test(bad_input, invoices, .timeout = 60)
{
    struct house house = {0};

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(invoices); i++) {
        struct house_reply reply = house_post(
            &house, "/v1/invoices",
            gen_arena_printf(house.arena, "{\"provider\":\"fake\",\"content\":\"%s\"}",
                             invoices[i].content));
        struct house_reply settled;
        const char *id = gen_node_text(gen_node_get(reply.document, "invoiceId"), "none");

        cr_expect(reply.status == 201 || reply.status == 422, "%s: %d %s", invoices[i].content,
                  reply.status, reply.body);
        cr_expect(strstr(reply.body, invoices[i].says) != NULL, "%s: %s", invoices[i].content,
                  reply.body);
        if (reply.status == 201) {
            cr_expect(gen_node_integer(gen_node_get(gen_node_get(gen_node_get(reply.document,
                                                                               "summary"),
                                                                  invoices[i].verdict), "lines"),
                                       0) == 1,
                      "%s: %s", invoices[i].content, reply.body);
            settled = house_post(&house, gen_arena_printf(house.arena, "/v1/invoices/%s/settle", id),
                                 NULL);
            cr_expect(settled.status == 200 || settled.status == 409, "%s: %d %s",
                      invoices[i].content, settled.status, settled.body);
        }
    }
    {
        struct house_reply costs = house_get(&house, "/v1/costs");

        cr_expect(costs.status == 200 && strstr(costs.body, "\"charged\":0,\"refunded\":0") != NULL, "nothing is booked: %s",
                  costs.body);
    }
    house_close(&house);
}

/* ---------------------------------------------------------------------------------- two at the same time -- */

/* Two administrators have seen the same version and send their edits together: one is taken, the other is told
 * (412), and what there is, is what the first one said. Without If-Match: 428. */
static const struct {
    const char *make, *body, *id_key, *edit; /* %d: who */
    const char *path, *shown;
} edits[] = {
    {"/v1/keys", "{\"name\":\"k\",\"role\":\"viewer\"}", "keyId", "{\"jobsPerDay\":%d}", "/v1/keys/%s",
     "jobsPerDay"},
    {"/v1/budgets", "{\"scope\":\"project\",\"of\":\"p\",\"period\":\"month\",\"hard\":5}", "budgetId",
     "{\"hard\":%d}", "/v1/budgets/%s", "hard"},
    {"/v1/webhooks", "{\"url\":\"https://example.com/hook\",\"events\":[\"job.failed\"]}", "id",
     "{\"title\":\"%d\"}", "/v1/webhooks/%s", "title"},
};

Test(bad_input, two_at_once, .timeout = 60)
{
    struct house house = {0};

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(edits); i++) {
        struct house_reply made = house_post(&house, edits[i].make, edits[i].body), replies[2], now;
        struct house_ask asks[2];
        const char *path;
        int taken;

        cr_assert(made.status == 201 && made.etag != NULL, "%s: %d %s", edits[i].make, made.status,
                  made.body);
        path = gen_arena_printf(house.arena, edits[i].path,
                                gen_node_text(gen_node_get(made.document, edits[i].id_key), ""));
        for (int k = 0; k < 2; k++) {
            asks[k] = (struct house_ask){.method = "PATCH", .path = path, .type = "application/json",
                                         .body = gen_arena_printf(house.arena, edits[i].edit, k + 7),
                                         .name = "if-match", .value = made.etag};
        }
        house_ask_all(&house, asks, replies, 2);
        cr_expect((replies[0].status == 200 && replies[1].status == 412) ||
                      (replies[0].status == 412 && replies[1].status == 200),
                  "%s: %d and %d: %s", edits[i].make, replies[0].status, replies[1].status,
                  replies[0].status == 200 ? replies[1].body : replies[0].body);
        taken = replies[0].status == 200 ? 0 : 1;
        now = house_get(&house, path);
        cr_expect(strstr(now.body, gen_arena_printf(house.arena, i == 2 ? "\"%s\":\"%d\"" : "\"%s\":%d",
                                                    edits[i].shown, taken + 7)) != NULL,
                  "%s", now.body);
        /* the old version again, one after the other; and none */
        cr_expect(house_ask(&house, &asks[0]).status == 412);
        asks[0].name = NULL;
        cr_expect(house_ask(&house, &asks[0]).status == 428);
        asks[0].name = "if-match";
        asks[0].value = "nonsense";
        cr_expect(house_ask(&house, &asks[0]).status == 412);
    }
    house_close(&house);
}

/* ------------------------------------------------------------------------------------- the master key -- */

static const struct {
    const char *name, *text; /* NULL: as it was */
    int mode;
    const char *says; /* NULL: all is well */
} key_files[] = {
    {"as it was", NULL, 0600, NULL},
    {"others can read it", NULL, 0644, "others can read"},
    {"group can read it", NULL, 0640, "others can read"},
    {"empty", "", 0600, "damaged"},
    {"no key", "hello\n", 0600, "damaged"},
    {"cut", "genengine-master-key 1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", 0600, "damaged"},
    {"a wrong checksum",
     "genengine-master-key 1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n0000000000000000\n", 0600,
     "damaged"},
    {"of a newer version",
     "genengine-master-key 9\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n0000000000000000\n", 0600,
     ""},
    {"as it was again", NULL, 0600, NULL},
};

Test(bad_input, master_key, .timeout = 200)
{
    struct house house = {.settings = "      credential: key\n"};
    struct house_reply reply;
    struct gen_error err = {0};
    struct gen_bytes kept;
    char path[160];

    house_open(&house);
    house_start(&house, NULL);
    reply = house_ask(&house, &(struct house_ask){.method = "PUT", .path = "/v1/secrets/fake",
                                                  .type = "text/plain", .body = "planted-key"});
    cr_assert(reply.status == 201, "%s", reply.body);
    house_stop(&house);
    (void)snprintf(path, sizeof path, "%s/master.key", house.state);
    gen_bytes_init(&kept, 4096);
    cr_assert(gen_files_read(path, &kept, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(key_files); i++) {
        const char *text = key_files[i].text != NULL ? key_files[i].text : kept.data;
        struct stat facts;

        cr_assert(unlink(path) == 0);
        cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK);
        cr_assert(chmod(path, (mode_t)key_files[i].mode) == 0);
        house_start(&house, NULL);
        cr_assert(!house.ended, "%s: the daemon comes up: %s", key_files[i].name, house.last_words);
        reply = house_get(&house, "/v1/secrets");
        if (key_files[i].says == NULL) {
            cr_expect(strstr(reply.body, "\"readable\":true") != NULL, "%s: %s", key_files[i].name,
                      reply.body);
        } else {
            cr_expect(strstr(reply.body, "\"readable\":false") != NULL &&
                          strstr(reply.body, key_files[i].says) != NULL,
                      "%s: %s", key_files[i].name, reply.body);
            cr_expect(house_get(&house, "/v1/master-key").status == 200);
            /* what needs no secret goes on */
            cr_expect(house_get(&house, "/v1/jobs").status == 200);
        }
        cr_expect(strstr(reply.body, "AAECAwQF") == NULL, "the key is told");
        house_stop(&house);
        cr_assert(stat(path, &facts) == 0 && (facts.st_mode & 0777) == (mode_t)key_files[i].mode &&
                      (size_t)facts.st_size == strlen(text),
                  "%s: the file is touched", key_files[i].name);
    }
    gen_bytes_fini(&kept);
    house.gend = NULL;
    house_close(&house);
}
