BEGIN TRANSACTION;
CREATE TABLE addresses (
            address TEXT NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (address, article)
        ) WITHOUT ROWID;
INSERT INTO "addresses" VALUES('presse.example/3',1845312985497600);
INSERT INTO "addresses" VALUES('kommune21.example/meldung_1',1846124583321600);
INSERT INTO "addresses" VALUES('kommune21.example/meldung_1.html',1846124583321600);
INSERT INTO "addresses" VALUES('kommune21.example?p=1',1846124583321600);
CREATE TABLE answers (
            feed        INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
            number      INTEGER NOT NULL,
            at          INTEGER NOT NULL,             -- Unix seconds
            outcome     TEXT NOT NULL,                -- updated, unchanged, failed
            http_status INTEGER,
            bytes       INTEGER NOT NULL,             -- of the body, unpacked
            ms          INTEGER NOT NULL,             -- until the answer was there
            new         INTEGER NOT NULL,
            changed     INTEGER NOT NULL,
            code        TEXT NOT NULL DEFAULT '',     -- of a failure
            moved_to    TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (feed, number)
        ) WITHOUT ROWID;
CREATE TABLE arrivals (
            number  INTEGER PRIMARY KEY AUTOINCREMENT,
            article INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        );
INSERT INTO "arrivals" VALUES(1,1845312985497600);
INSERT INTO "arrivals" VALUES(2,1846124583321600);
INSERT INTO "arrivals" VALUES(3,1846128358195200);
CREATE TABLE article_labels (
            label   INTEGER NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (label, article)
        ) WITHOUT ROWID;
INSERT INTO "article_labels" VALUES(1,1845312985497600);
INSERT INTO "article_labels" VALUES(2,1845312985497600);
INSERT INTO "article_labels" VALUES(3,1845312985497600);
INSERT INTO "article_labels" VALUES(4,1845312985497600);
INSERT INTO "article_labels" VALUES(5,1846124583321600);
INSERT INTO "article_labels" VALUES(6,1846124583321600);
INSERT INTO "article_labels" VALUES(7,1846124583321600);
INSERT INTO "article_labels" VALUES(8,1846124583321600);
INSERT INTO "article_labels" VALUES(9,1846124583321600);
INSERT INTO "article_labels" VALUES(10,1846124583321600);
INSERT INTO "article_labels" VALUES(11,1846124583321600);
INSERT INTO "article_labels" VALUES(1,1846128358195200);
INSERT INTO "article_labels" VALUES(3,1846128358195200);
INSERT INTO "article_labels" VALUES(4,1846128358195200);
INSERT INTO "article_labels" VALUES(12,1846128358195200);
CREATE TABLE articles (
            id          INTEGER PRIMARY KEY,          -- in time order, see SERIAL_BITS
            ref         TEXT NOT NULL UNIQUE,         -- the short id that people type
            feed        INTEGER NOT NULL REFERENCES feeds (id),
            identity    TEXT NOT NULL,                -- guid, else canonical link, else title and day
            second      TEXT NOT NULL,                -- canonical link, else title and day
            hash        TEXT NOT NULL,                -- of all that the feed says: same hash, no write
            url         TEXT NOT NULL DEFAULT '',
            kicker      TEXT NOT NULL DEFAULT '',
            title       TEXT NOT NULL,
            kind        TEXT NOT NULL DEFAULT '',
            published   INTEGER,                      -- Unix seconds as the feed says, NULL: it does not
            updated     INTEGER,
            first_seen  INTEGER NOT NULL,
            teaser      TEXT NOT NULL DEFAULT '',
            image       TEXT,                         -- JSON {url, alt, caption, credit}
            enclosure   TEXT,                         -- JSON {url, type, length}
            states      TEXT NOT NULL DEFAULT '[]',   -- JSON ["DE-BB"]
            places      TEXT NOT NULL DEFAULT '[]',   -- JSON [{name, kind, ags, states}]
            topics      TEXT NOT NULL DEFAULT '[]',   -- JSON [{key, name}]
            categories  TEXT NOT NULL DEFAULT '[]',   -- JSON, as the feed says
            author      TEXT NOT NULL DEFAULT '',
            truncated   INTEGER NOT NULL DEFAULT 0,   -- a text was longer than the limit
            read        INTEGER NOT NULL DEFAULT 0,
            starred     INTEGER NOT NULL DEFAULT 0, level TEXT NOT NULL DEFAULT '' /* about whom: bund, eu */, story TEXT NOT NULL DEFAULT '' /* id of its first article */, teller INTEGER NOT NULL DEFAULT 0 /* in its story: 0 leads */, edited INTEGER /* last change of words seen, Unix seconds */,
            UNIQUE (feed, identity)
        );
INSERT INTO "articles" VALUES(1845312985497600,'emtvdz97',2,'g:g-3','l:presse.example/3','7ad598d6b2296daea4dfe1b1e12eaf78','https://presse.example/3','','Gesetz beschlossen','',1759827600,NULL,1760605200,'',NULL,NULL,'[]','[]','[{"key":"politik","name":"Politik"}]','[]','',0,1,0,'','',0,NULL);
INSERT INTO "articles" VALUES(1846124583321600,'x8zzft8k',1,'g:kommune21.example?p=1','l:kommune21.example/meldung_1.html','da884b3a7cd62c332412a10907de1d15','https://www.kommune21.example/meldung_1.html','Kreis Bergstraße','Neues Portal für Bürgerinnen','bericht',1760601600,1760605200,1760605200,'Der Landkreis und Bensheim führen ein Portal ein.','{"url":"https://www.kommune21.example/bild.jpg","alt":"Rathaus","caption":"Das Rathaus","credit":"Foto: Stadt"}','{"url":"https://www.kommune21.example/ton.mp3","type":"audio/mpeg","length":1234}','["DE-HE"]','[{"name":"Landkreis Bergstraße","kind":"district","ags":"06431","states":["DE-HE"]},{"name":"Bensheim","kind":"municipality","ags":"06431002","states":["DE-HE"]},{"name":"Metropolregion Rhein-Neckar","kind":"region","ags":"","states":["DE-BW","DE-HE","DE-RP"]}]','[{"key":"portale","name":"Portale"},{"key":"ki","name":"Künstliche Intelligenz"}]','["Portale","KI"]','Redaktion',1,0,1,'','',0,NULL);
INSERT INTO "articles" VALUES(1846128358195200,'kpt1bxyr',1,'t:ohne datum|','t:ohne datum|','1972bc3f3307446ea6aeb6721aff39d9','','','Ohne Datum','',NULL,NULL,1760605200,'Nur ein Text.',NULL,NULL,'[]','[]','[]','[]','',0,0,0,'','',0,NULL);
CREATE TABLE bodies (
            article INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            blocks  TEXT NOT NULL                     -- JSON [[type, text], …]
        );
INSERT INTO "bodies" VALUES(1845312985497600,'[]');
INSERT INTO "bodies" VALUES(1846124583321600,'[["heading","Einführung"],["list","eins\nzwei"]]');
INSERT INTO "bodies" VALUES(1846128358195200,'[]');
CREATE TABLE documents (
            id      INTEGER PRIMARY KEY,
            article INTEGER NOT NULL UNIQUE REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        );
INSERT INTO "documents" VALUES(1,1845312985497600);
INSERT INTO "documents" VALUES(2,1846124583321600);
INSERT INTO "documents" VALUES(3,1846128358195200);
CREATE TABLE edits (
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            seen    INTEGER NOT NULL,                 -- Unix seconds
            changes TEXT NOT NULL,                    -- JSON [[where, before, after], …]
            PRIMARY KEY (article, seen)
        ) WITHOUT ROWID;
CREATE TABLE feeds (
            id            INTEGER PRIMARY KEY,
            key           TEXT NOT NULL UNIQUE,       -- the key in the configuration
            url           TEXT NOT NULL,              -- as configured when last visited
            title         TEXT NOT NULL DEFAULT '',   -- what the feed calls itself
            etag          TEXT NOT NULL DEFAULT '',   -- validators of the last complete answer, verbatim
            last_modified TEXT NOT NULL DEFAULT '',
            body_hash     TEXT NOT NULL DEFAULT '',   -- of the last parsed body: same hash, no parse
            last_try      INTEGER,                    -- Unix seconds, NULL: never
            last_ok       INTEGER,
            not_before    INTEGER,                    -- asked for by Retry-After
            failures      INTEGER NOT NULL DEFAULT 0, -- in a row
            failing_since INTEGER,
            code          TEXT NOT NULL DEFAULT '',   -- of the last failure, empty when all is well
            message       TEXT NOT NULL DEFAULT '',
            http_status   INTEGER
        , rank INTEGER NOT NULL DEFAULT 50 /* the least leads a story */, fresh_until INTEGER /* as server or document ask, seconds */, ttl INTEGER NOT NULL DEFAULT 0 /* seconds, as the document says */, told INTEGER /* when the failure at hand was last told */, told_code TEXT NOT NULL DEFAULT '' /* as what it was told */);
INSERT INTO "feeds" VALUES(1,'kommune21','https://www.kommune21.example/feed','','','','',NULL,NULL,NULL,0,NULL,'','',NULL,50,NULL,0,NULL,'');
INSERT INTO "feeds" VALUES(2,'presse','https://presse.example/atom','','','','',NULL,NULL,NULL,0,NULL,'','',NULL,50,NULL,0,NULL,'');
CREATE TABLE hosts (
            host           TEXT PRIMARY KEY,
            robots         TEXT,                      -- text of robots.txt
            robots_fetched INTEGER,                   -- Unix seconds
            asked          REAL NOT NULL DEFAULT 0    -- the last request for a page, by the clock on the wall
        ) WITHOUT ROWID;
CREATE TABLE issue_articles (
            issue    INTEGER NOT NULL REFERENCES issues (number) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            ref      TEXT NOT NULL,                   -- the article's short id
            section  TEXT NOT NULL,                   -- key of the section
            PRIMARY KEY (issue, position)
        ) WITHOUT ROWID;
CREATE TABLE issue_forms (
            issue   INTEGER NOT NULL REFERENCES issues (number) ON DELETE CASCADE,
            format  TEXT NOT NULL,                    -- text, html, markdown, json
            content TEXT NOT NULL,
            PRIMARY KEY (issue, format)
        ) WITHOUT ROWID;
CREATE TABLE issues (
            number   INTEGER PRIMARY KEY,             -- 1, 2, 3 …
            key      TEXT NOT NULL UNIQUE,            -- 2026-W41, and the filters behind it
            subject  TEXT NOT NULL,
            language TEXT NOT NULL,
            since    INTEGER NOT NULL,                -- Unix seconds
            until    INTEGER NOT NULL,                -- the first second after its time
            kept     INTEGER NOT NULL,                -- when it was put here
            sent     INTEGER                          -- when a server first took it over, NULL: none did
        );
CREATE TABLE labels (
            id      INTEGER PRIMARY KEY,
            kind    TEXT NOT NULL,                    -- state, topic, place, kind
            value   TEXT NOT NULL,                    -- DE-BY, bund, eu; ki; 06431, region:…; bericht; none
            name    TEXT NOT NULL,                    -- as people say it, empty where value is none
            folded  TEXT NOT NULL,                    -- the name as it is completed
            details TEXT NOT NULL DEFAULT '',         -- of places: JSON {name, kind, ags, states}
            UNIQUE (kind, value)
        );
INSERT INTO "labels" VALUES(1,'state','none','','','');
INSERT INTO "labels" VALUES(2,'topic','politik','Politik','politik','');
INSERT INTO "labels" VALUES(3,'place','none','','','');
INSERT INTO "labels" VALUES(4,'kind','none','','','');
INSERT INTO "labels" VALUES(5,'state','DE-HE','Hessen','hessen','');
INSERT INTO "labels" VALUES(6,'topic','portale','Portale','portale','');
INSERT INTO "labels" VALUES(7,'topic','ki','Künstliche Intelligenz','kunstliche intelligenz','');
INSERT INTO "labels" VALUES(8,'place','06431','Landkreis Bergstraße','landkreis bergstrasse','{"name":"Landkreis Bergstraße","kind":"district","ags":"06431","states":["DE-HE"]}');
INSERT INTO "labels" VALUES(9,'place','06431002','Bensheim','bensheim','{"name":"Bensheim","kind":"municipality","ags":"06431002","states":["DE-HE"]}');
INSERT INTO "labels" VALUES(10,'place','region:metropolregion-rhein-neckar','Metropolregion Rhein-Neckar','metropolregion rhein-neckar','{"name":"Metropolregion Rhein-Neckar","kind":"region","ags":"","states":["DE-BW","DE-HE","DE-RP"]}');
INSERT INTO "labels" VALUES(11,'kind','bericht','bericht','bericht','');
INSERT INTO "labels" VALUES(12,'topic','none','','','');
CREATE TABLE links (
            address TEXT NOT NULL,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            PRIMARY KEY (address, article)
        ) WITHOUT ROWID;
CREATE TABLE mentions (
            article  INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            position INTEGER NOT NULL,
            mention  TEXT NOT NULL,                   -- JSON of a Mention, published in seconds
            PRIMARY KEY (article, position)
        ) WITHOUT ROWID;
CREATE TABLE moves (
            feed      INTEGER PRIMARY KEY REFERENCES feeds (id) ON DELETE CASCADE,
            url       TEXT NOT NULL,                  -- the address in the end
            sightings INTEGER NOT NULL,               -- in a row, counted once a day
            last      INTEGER NOT NULL,               -- Unix seconds of the last one counted
            adopted   INTEGER,                        -- since when it is asked; NULL: it is not
            declined  INTEGER NOT NULL DEFAULT 0      -- 1: the user undid it, so it is not adopted again
        );
CREATE TABLE outbox (
            id         INTEGER PRIMARY KEY,
            issue      INTEGER NOT NULL REFERENCES issues (number) ON DELETE CASCADE,
            message_id TEXT NOT NULL,                 -- the same for all attempts
            sender     TEXT NOT NULL,                 -- of the envelope
            content    BLOB NOT NULL,                 -- the mail as it leaves
            state      TEXT NOT NULL,                 -- of all recipients together
            attempts   INTEGER NOT NULL DEFAULT 0,
            tried      INTEGER,                       -- Unix seconds of the last attempt
            next_try   INTEGER                        -- not before, for those that are postponed
        );
CREATE TABLE outbox_recipients (
            mail     INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            address  TEXT NOT NULL,
            state    TEXT NOT NULL,                   -- written, sending, sent, postponed, uncertain, refused
            code     TEXT NOT NULL DEFAULT '',        -- what went wrong
            reply    TEXT NOT NULL DEFAULT '',        -- what the server said of it
            PRIMARY KEY (mail, position)
        ) WITHOUT ROWID;
CREATE TABLE pages (
            article     INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            url         TEXT NOT NULL DEFAULT '',     -- that answered, after redirects
            tried       INTEGER,                      -- Unix seconds, NULL: wanted, never asked for
            fetched     INTEGER,                      -- NULL: never read
            tries       INTEGER NOT NULL DEFAULT 0,   -- in vain, in a row
            code        TEXT NOT NULL DEFAULT '',     -- of the last failure, empty when all is well
            message     TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            page        TEXT,                         -- JSON of the page without text and related items
            blocks      TEXT                          -- JSON as in bodies; NULL: the page has no text
        );
CREATE TABLE refs (
            ref     TEXT PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        ) WITHOUT ROWID;
CREATE TABLE removed (
            feed INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
            key  BLOB NOT NULL,                       -- 8 bytes of the hash of an identity or second key
            PRIMARY KEY (feed, key)
        ) WITHOUT ROWID;
CREATE TABLE rulings (
            one   TEXT NOT NULL,
            other TEXT NOT NULL,
            same  INTEGER NOT NULL,                   -- 1: the same story, 0: never
            PRIMARY KEY (one, other)
        ) WITHOUT ROWID;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (
            head,                                     -- kicker and title
            lead,                                     -- teaser, and the page''s lead
            body,
            about,                                    -- names of its places, states and topics
            head_parts,                               -- of head: what words are made of, E-Akte as e and akt
            parts,                                    -- of the others
            content = '''', tokenize = "unicode61 remove_diacritics 0"
        )');
CREATE TABLE 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "search_config" VALUES('version',4);
CREATE TABLE 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "search_data" VALUES(1,X'030805030A0006');
INSERT INTO "search_data" VALUES(10,X'000000000101010001010101');
INSERT INTO "search_data" VALUES(137438953473,X'00000138093062656E736865696D020C0101030103040308726773747261737302080301030303077363686C6F7373010203020575726765720202060105646174756D030202010365696E020601020304046675687202060102020104667568720206010104010667657365747A0102020104686573730206010307010B696E74656C6C6967656E7A020601030A01056B72656973020A02010503040208756E73746C696368020601030901046C616E6402080105020405056B72656973020C010102010302010E6D6574726F706F6C726567696F6E020601030501066E65636B617202060105070301750202040105706F6C6974010601030203047274616C020E050101050103080105726865696E020601050606066E65636B61720206010306010474657874030601010201047A77656902060102040412100C0A0A0A0B0B0B0B120E0F0C0F150D060C0F0C0D0B');
CREATE TABLE 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO "search_docsize" VALUES(1,X'020000010000');
INSERT INTO "search_docsize" VALUES(2,X'050403090006');
INSERT INTO "search_docsize" VALUES(3,X'010100000000');
CREATE TABLE 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "search_idx" VALUES(1,X'',2);
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','search_words','search_words',0,'CREATE VIRTUAL TABLE search_words USING fts5vocab (search, ''row'')');
CREATE TABLE story_keys (
            key      INTEGER NOT NULL,
            document INTEGER NOT NULL,
            PRIMARY KEY (key, document)
        ) WITHOUT ROWID;
INSERT INTO "story_keys" VALUES(156259976,1);
INSERT INTO "story_keys" VALUES(195990512,2);
INSERT INTO "story_keys" VALUES(260909352,2);
INSERT INTO "story_keys" VALUES(465167916,3);
INSERT INTO "story_keys" VALUES(620650988,2);
INSERT INTO "story_keys" VALUES(972309525,1);
INSERT INTO "story_keys" VALUES(999008199,3);
INSERT INTO "story_keys" VALUES(1154573957,2);
INSERT INTO "story_keys" VALUES(1489919497,2);
INSERT INTO "story_keys" VALUES(2115775687,2);
INSERT INTO "story_keys" VALUES(2246911337,2);
INSERT INTO "story_keys" VALUES(2287196383,2);
INSERT INTO "story_keys" VALUES(2505897204,2);
INSERT INTO "story_keys" VALUES(2520229799,2);
INSERT INTO "story_keys" VALUES(2672545374,2);
INSERT INTO "story_keys" VALUES(2761404743,2);
INSERT INTO "story_keys" VALUES(2928507351,2);
INSERT INTO "story_keys" VALUES(2942848104,2);
INSERT INTO "story_keys" VALUES(3072910906,2);
INSERT INTO "story_keys" VALUES(3130417310,2);
INSERT INTO "story_keys" VALUES(3186420314,2);
INSERT INTO "story_keys" VALUES(3279181995,2);
INSERT INTO "story_keys" VALUES(3481322731,2);
INSERT INTO "story_keys" VALUES(3563867690,2);
INSERT INTO "story_keys" VALUES(3671662837,2);
INSERT INTO "story_keys" VALUES(4024654349,2);
CREATE TABLE stubs (
            id          INTEGER PRIMARY KEY,
            ref         TEXT NOT NULL UNIQUE,
            feed        INTEGER NOT NULL REFERENCES feeds (id), -- of the page that named it
            second      TEXT NOT NULL UNIQUE,         -- l:address, else t:kicker, title and day
            mention     TEXT NOT NULL,                -- JSON as above
            first_seen  INTEGER NOT NULL,
            tried       INTEGER,                      -- of its own page, as in pages
            fetched     INTEGER,
            tries       INTEGER NOT NULL DEFAULT 0,
            code        TEXT NOT NULL DEFAULT '',
            message     TEXT NOT NULL DEFAULT '',
            http_status INTEGER,
            url         TEXT NOT NULL DEFAULT '',
            page        TEXT                          -- JSON of the whole page
        );
CREATE TABLE traits (
            document INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
            packed   BLOB NOT NULL,
            keys     BLOB NOT NULL                    -- those of story_keys, 32 bits each
        );
INSERT INTO "traits" VALUES(1,X'02904F0000AD38EDAF00010000000000000000000000000000000000000000010000885650091544F439AD38EDAF49420000200000000000000000000000000000000000000000000000000000000000000002000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000',X'885650091544F439');
INSERT INTO "traits" VALUES(2,X'0C994F0000D5266C520000303634333100000001000A0003000300010000000200008566D144F4F45C95F093AE0B684C68AF0D5AE3EFC72C1C7EF520D9DA6925ED8559D84312276B08142FA79C58D8D500A88566D14428298D0FEC61FE24095ECE58A7A7379647B197A4EBC480CFAF2E44D19C1141EA20E771F3F3DDF2F5B6865B29A0C094340B9536C88566D1446E01127DF4F45C953A0418C9D5266C526F79BEF39254544C473B3723231C150E0000000000000000000000020000000000000000000000000000400000007000000000000000000000000000000200000000000000000000000000000000000000200004000000000001000000000000200000000000000000000000000000000000000080000020000200000000000000000000100000000000000000000100',X'F093AE0B28298D0FEC61FE248566D144095ECE58C72C1C7E6925ED85DFD85388F4F45C95A7A737965ECE4B9F47B197A4D7798DAE684C68AF3AE628B79E6096BA5AEAECBDAB5874C3EBC480CF2A4E6CD4F520D9DA0D5AE3EF');
INSERT INTO "traits" VALUES(3,X'02994F000000000000000000000000000000000100000000000000000000000000002CE6B91BC7A78B3B2CE6B91B923A0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001000000000000000000002000000000000000000000000000200000000000000000000000000000000000000000000000000008000000000000000',X'2CE6B91BC7A78B3B');
CREATE TABLE untold (
            article INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE
        );
CREATE TABLE watches (
            name     TEXT PRIMARY KEY,
            shown    INTEGER NOT NULL DEFAULT 0,      -- arrivals up to this number were listed
            notified INTEGER NOT NULL DEFAULT 0       -- and told to the command
        ) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO "words" VALUES('bensheim');
INSERT INTO "words" VALUES('bergstrass');
INSERT INTO "words" VALUES('beschloss');
INSERT INTO "words" VALUES('burger');
INSERT INTO "words" VALUES('datum');
INSERT INTO "words" VALUES('ein');
INSERT INTO "words" VALUES('einfuhr');
INSERT INTO "words" VALUES('fuhr');
INSERT INTO "words" VALUES('gesetz');
INSERT INTO "words" VALUES('hess');
INSERT INTO "words" VALUES('intelligenz');
INSERT INTO "words" VALUES('kreis');
INSERT INTO "words" VALUES('kunstlich');
INSERT INTO "words" VALUES('landkreis');
INSERT INTO "words" VALUES('metropolregion');
INSERT INTO "words" VALUES('neu');
INSERT INTO "words" VALUES('polit');
INSERT INTO "words" VALUES('portal');
INSERT INTO "words" VALUES('rheinneckar');
INSERT INTO "words" VALUES('text');
INSERT INTO "words" VALUES('zwei');
CREATE TABLE words_backwards (word TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO "words_backwards" VALUES('hciltsnuk');
INSERT INTO "words_backwards" VALUES('iewz');
INSERT INTO "words_backwards" VALUES('latrop');
INSERT INTO "words_backwards" VALUES('miehsneb');
INSERT INTO "words_backwards" VALUES('mutad');
INSERT INTO "words_backwards" VALUES('nie');
INSERT INTO "words_backwards" VALUES('noigerloportem');
INSERT INTO "words_backwards" VALUES('rakcenniehr');
INSERT INTO "words_backwards" VALUES('regrub');
INSERT INTO "words_backwards" VALUES('rhuf');
INSERT INTO "words_backwards" VALUES('rhufnie');
INSERT INTO "words_backwards" VALUES('sierk');
INSERT INTO "words_backwards" VALUES('sierkdnal');
INSERT INTO "words_backwards" VALUES('ssartsgreb');
INSERT INTO "words_backwards" VALUES('sseh');
INSERT INTO "words_backwards" VALUES('ssolhcseb');
INSERT INTO "words_backwards" VALUES('tilop');
INSERT INTO "words_backwards" VALUES('txet');
INSERT INTO "words_backwards" VALUES('uen');
INSERT INTO "words_backwards" VALUES('znegilletni');
INSERT INTO "words_backwards" VALUES('zteseg');
CREATE INDEX articles_second ON articles (feed, second);
CREATE INDEX articles_of_feed ON articles (feed, id);
CREATE INDEX articles_unread ON articles (id) WHERE read = 0;
CREATE INDEX articles_starred ON articles (id) WHERE starred = 1;
CREATE INDEX labels_folded ON labels (kind, folded);
CREATE INDEX article_labels_article ON article_labels (article);
CREATE INDEX pages_wanted ON pages (tried) WHERE fetched IS NULL;
CREATE INDEX addresses_article ON addresses (article);
CREATE INDEX refs_article ON refs (article);
CREATE INDEX articles_story ON articles (story) WHERE story <> '';
CREATE INDEX links_article ON links (article);
CREATE VIEW v_articles AS
        SELECT a.ref AS id, f.key AS feed, a.kicker, a.title, a.url, a.kind,
               datetime(coalesce(a.published, a.first_seen), 'unixepoch') AS published_utc,
               a.published IS NULL AS published_is_estimate,
               datetime(a.first_seen, 'unixepoch') AS first_seen_utc,
               a.teaser, a.level, a.states, a.places, a.topics, a.read, a.starred,
               nullif(a.story, '') AS story, datetime(a.edited, 'unixepoch') AS edited_utc
        FROM articles AS a JOIN feeds AS f ON f.id = a.feed;
CREATE INDEX issue_articles_ref ON issue_articles (ref);
CREATE INDEX outbox_issue ON outbox (issue);
CREATE INDEX outbox_open ON outbox (id) WHERE state NOT IN ('sent', 'refused');
PRAGMA writable_schema=OFF;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('arrivals',3);
COMMIT;
PRAGMA application_id = 1802464621;
PRAGMA user_version = 4;
