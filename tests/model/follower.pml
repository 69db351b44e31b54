/* Two instances of a follower: the position moved by compare-and-set with the effects, entries that fail and those of
 * their subject behind them parked, due work under a lease. Each instance does one thing at a time; the other may be
 * anywhere meanwhile, frozen for as long as it likes, and either may crash at every step or not see the answer to its
 * COMMIT. Promela's interleaving is the scheduler, atomic blocks are single statements and commits.
 *
 * Proved: every entry takes effect at most once and in the order of its subject, its due work is finished at most once;
 * and (ltl settled, weak fairness) all of it happens: nobody is blocked for ever.
 *
 * -DNO_CAS, -DNO_BEHIND, -DNO_TAKE, -DNO_TOKEN, -DNO_HEAD take one rule away: then an assertion must fail.
 * -DNO_EXPIRY: then `settled` must. */

#ifndef CRASHES
#define CRASHES 1 /* crashes and unseen answers in all */
#endif
#ifndef EXPIRIES
#define EXPIRIES 1 /* leases that run out while their holder still works */
#endif

#define ENTRIES 4
#define SUBJECTS 2
#define INSTANCES 2
#define SUBJECT(i) ((i) == 1) /* entries 0, 2, 3 are of subject 0; entry 1 of subject 1 */
#define FAULTY(i) ((i) == 0)  /* fails until it is mended */
#define FREE 255

mtype = { none, waiting, leased, done };

/* What is committed. */
byte position = 0; /* entries below it are behind us */
bool parked[ENTRIES];
byte effects[ENTRIES];
mtype due[ENTRIES] = none;
byte token[ENTRIES]; /* of the newest lease */
byte finished[ENTRIES];
bool mended = false;

/* Row locks, by holder, to the end of the transaction. */
byte position_lock = FREE, parked_lock[ENTRIES] = FREE, row_lock[SUBJECTS] = FREE, due_lock[ENTRIES] = FREE;

byte lease_holder[ENTRIES] = FREE; /* who works on it; FREE when that one is gone: then its lease will run out */
byte crashes = 0, expiries = 0;

#define SETTLED                                                                                                        \
    (effects[0] == 1 && effects[1] == 1 && effects[2] == 1 && effects[3] == 1 && finished[0] == 1 &&                   \
     finished[1] == 1 && finished[2] == 1 && finished[3] == 1)
ltl settled { <> SETTLED }

#define EARLIER_PARKED(i)                                                                                              \
    ((i > 0 && parked[0] && SUBJECT (0) == SUBJECT (i)) || (i > 1 && parked[1] && SUBJECT (1) == SUBJECT (i)) ||       \
     (i > 2 && parked[2] && SUBJECT (2) == SUBJECT (i)))
#define EARLIER_MISSING(i)                                                                                             \
    ((i > 0 && !effects[0] && SUBJECT (0) == SUBJECT (i)) || (i > 1 && !effects[1] && SUBJECT (1) == SUBJECT (i)) ||   \
     (i > 2 && !effects[2] && SUBJECT (2) == SUBJECT (i)))
#ifdef NO_EXPIRY
#define EXPIRES(i) false
#else
#define EXPIRES(i) (lease_holder[i] == FREE || expiries < EXPIRIES)
#endif
#define CLAIMABLE(i) /* locked ones are skipped */                                                                     \
    (due_lock[i] == FREE && (due[i] == waiting || (due[i] == leased && EXPIRES (i))))
#ifdef NO_HEAD
#define HEAD(i) (parked[i])
#else
#define HEAD(i) (parked[i] && !EARLIER_PARKED (i))
#endif

inline take (lock) {
    atomic { lock == FREE -> lock = me }
}

/* The transaction is over, committed or rolled back. */
inline release_all () {
    if
    :: position_lock == me -> position_lock = FREE
    :: else
    fi;
    for (k : 0 .. ENTRIES - 1) {
        if
        :: parked_lock[k] == me -> parked_lock[k] = FREE
        :: else
        fi;
        if
        :: due_lock[k] == me -> due_lock[k] = FREE
        :: else
        fi
    }
    for (k : 0 .. SUBJECTS - 1) {
        if
        :: row_lock[k] == me -> row_lock[k] = FREE
        :: else
        fi
    }
    k = 0
}

/* Everything local is forgotten, what it had claimed too. */
inline crash () {
    d_step {
        crashes++;
        release_all ();
        for (k : 0 .. ENTRIES - 1) {
            if
            :: lease_holder[k] == me -> lease_holder[k] = FREE
            :: else
            fi
        }
        k = 0;
        entry = 0;
        lease = 0;
        behind = false
    }
}

inline apply (i) {
    assert (!EARLIER_MISSING (i));
    effects[i]++;
    assert (effects[i] == 1);
    due[i] = waiting
}

proctype instance (byte me) {
    byte entry = 0, lease = 0, k = 0;
    bool behind = false;

again:
    do
    :: SETTLED -> break

    /* ---- follow: the position is read outside the transaction; batches are of one entry */
    :: atomic { position < ENTRIES -> entry = position };
follow:
        take (position_lock);
#ifndef NO_CAS
        if
        :: position != entry -> d_step { release_all (); entry = 0 }; goto again /* lost: somebody else was faster */
        :: else
        fi;
#endif
        if
        :: crashes < CRASHES -> crash (); goto again
        :: true
        fi;
        /* parked entries may be looked for before the row is locked, or after */
        if
        :: behind = EARLIER_PARKED (entry); take (row_lock[SUBJECT (entry)])
        :: take (row_lock[SUBJECT (entry)]); behind = EARLIER_PARKED (entry)
        fi;
        if
        :: crashes < CRASHES -> crash (); goto again
        :: true
        fi;
        d_step { /* COMMIT */
#ifdef NO_BEHIND
            behind = false;
#endif
            if
            :: behind || (FAULTY (entry) && !mended) -> parked[entry] = true
            :: else -> apply (entry)
            fi;
            position = entry + 1;
            release_all ();
            behind = false
        };
        if
        :: crashes < CRASHES -> crashes++; goto follow /* its answer was not seen: running it again finds out */
        :: entry = 0
        fi

    /* ---- a parked entry is tried again: the first of its subject */
    :: atomic {
           HEAD (0) || HEAD (1) || HEAD (2) || HEAD (3);
           if
           :: HEAD (0) -> entry = 0
           :: HEAD (1) -> entry = 1
           :: HEAD (2) -> entry = 2
           :: HEAD (3) -> entry = 3
           fi
       };
retry:
        take (parked_lock[entry]);
#ifndef NO_TAKE
        if
        :: !parked[entry] -> d_step { release_all (); entry = 0 }; goto again
        :: else
        fi;
#endif
        take (row_lock[SUBJECT (entry)]);
        if
        :: crashes < CRASHES -> crash (); goto again
        :: true
        fi;
        d_step { /* COMMIT: it failed again and stays, or it is done */
            if
            :: FAULTY (entry) && !mended
            :: else -> parked[entry] = false; apply (entry)
            fi;
            release_all ()
        };
        if
        :: crashes < CRASHES -> crashes++; goto retry
        :: entry = 0
        fi

    /* ---- due work: claimed in a statement of its own, done outside any transaction, finished by its token */
    :: atomic {
           CLAIMABLE (0) || CLAIMABLE (1) || CLAIMABLE (2) || CLAIMABLE (3);
           if
           :: CLAIMABLE (0) -> entry = 0
           :: CLAIMABLE (1) -> entry = 1
           :: CLAIMABLE (2) -> entry = 2
           :: CLAIMABLE (3) -> entry = 3
           fi;
           if
           :: due[entry] == leased && lease_holder[entry] != FREE -> expiries++
           :: else
           fi;
           due[entry] = leased;
           token[entry]++;
           lease = token[entry];
           lease_holder[entry] = me
       };
        if
        :: crashes < CRASHES -> crash (); goto again
        :: true
        fi;
finish:
        take (row_lock[SUBJECT (entry)]);
        take (due_lock[entry]);
#ifndef NO_TOKEN
        if
        :: due[entry] != leased || token[entry] != lease ->
            d_step { release_all (); entry = 0; lease = 0 };
            goto again
        :: else
        fi;
#endif
        if
        :: crashes < CRASHES -> crash (); goto again
        :: true
        fi;
        d_step { /* COMMIT */
            due[entry] = done;
            lease_holder[entry] = FREE;
            finished[entry]++;
            assert (finished[entry] == 1);
            release_all ()
        };
        if
        :: crashes < CRASHES -> crashes++; goto finish
        :: d_step { entry = 0; lease = 0 }
        fi
    od
}

/* The cause of the faulty entry appears, some time. */
proctype mender () {
    mended = true
}

init {
    atomic {
        run instance (0);
        run instance (1);
        run mender ()
    }
}
