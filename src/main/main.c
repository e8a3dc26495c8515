/* Where the process starts: locale, signals, the command line. */
#include <locale.h>
#include <signal.h>
#include <stddef.h>

#include "cli/cli.h"

static volatile sig_atomic_t main_stop;

static void main_on_stop(int signal_number)
{
    (void)signal_number;
    main_stop = 1;
}

int main(int argc, char **argv)
{
    struct sigaction stop = {.sa_handler = main_on_stop, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    /* Character types only: names in archives are UTF-8 whatever the user's locale; numbers keep
     * their point. */
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    /* The first Ctrl-C asks to finish with what there is, the second ends the program. */
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    return cli_main((size_t)argc, (const char *const *)argv, &main_stop);
}
