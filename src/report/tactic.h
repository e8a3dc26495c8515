/* How far an attack came: the tactics of MITRE ATT&CK in words, in the order of an attack. */
#ifndef REPORT_TACTIC_H
#define REPORT_TACTIC_H

#include "base/base.h"

enum tactic {
#define TACTIC(id) TACTIC_##id,
#include "report/tactics.def"
#undef TACTIC
    TACTIC_COUNT /* also: none known */
};

/* The tactic of an id such as "TA0006"; TACTIC_COUNT when it is none of those known. */
enum tactic tactic_find(slice id);
slice tactic_id(enum tactic tactic);
/* "Credential access" in the user's language. */
slice tactic_name(enum tactic tactic);
/* The last in the order of an attack among tactics and techniques; TACTIC_COUNT when there is none.
 */
enum tactic tactic_furthest(const slice *attack, size_t count);
bool tactic_among(enum tactic tactic, const slice *attack, size_t count);

#endif
