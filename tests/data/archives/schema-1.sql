BEGIN TRANSACTION;
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
            starred     INTEGER NOT NULL DEFAULT 0,
            UNIQUE (feed, identity)
        );
INSERT INTO "articles" VALUES(1845312985497600,'emtvdz97',2,'g:g-3','l:presse.example/3','f504443672d34e7a45120cadb9a98f83','https://presse.example/3','','Gesetz beschlossen','',1759827600,NULL,1760605200,'',NULL,NULL,'[]','[]','[{"key":"politik","name":"Politik"}]','[]','',0,1,0);
INSERT INTO "articles" VALUES(1846124583321600,'x8zzft8k',1,'g:kommune21.example?p=1','l:kommune21.example/meldung_1.html','949853dae623ba476c59bf572202d8d6','https://www.kommune21.example/meldung_1.html','Kreis Bergstraße','Neues Portal für Bürgerinnen','bericht',1760601600,1760605200,1760605200,'Der Landkreis und Bensheim führen ein Portal ein.','{"url":"https://www.kommune21.example/bild.jpg","alt":"Rathaus","caption":"Das Rathaus","credit":"Foto: Stadt"}','{"url":"https://www.kommune21.example/ton.mp3","type":"audio/mpeg","length":1234}','["DE-HE"]','[{"name":"Landkreis Bergstraße","kind":"district","ags":"06431","states":["DE-HE"]},{"name":"Bensheim","kind":"municipality","ags":"06431002","states":["DE-HE"]},{"name":"Metropolregion Rhein-Neckar","kind":"region","ags":"","states":["DE-BW","DE-HE","DE-RP"]}]','[{"key":"portale","name":"Portale"},{"key":"ki","name":"Künstliche Intelligenz"}]','["Portale","KI"]','Redaktion',1,0,1);
INSERT INTO "articles" VALUES(1846128358195200,'kpt1bxyr',1,'t:ohne datum|','t:ohne datum|','ac2b9d2097eba3ac65f6263266a2527c','','','Ohne Datum','',NULL,NULL,1760605200,'Nur ein Text.',NULL,NULL,'[]','[]','[]','[]','',0,0,0);
CREATE TABLE bodies (
            article INTEGER PRIMARY KEY REFERENCES articles (id) ON UPDATE CASCADE ON DELETE CASCADE,
            blocks  TEXT NOT NULL                     -- JSON [[type, text], …]
        );
INSERT INTO "bodies" VALUES(1845312985497600,'[]');
INSERT INTO "bodies" VALUES(1846124583321600,'[["heading","Einführung"],["list","eins\nzwei"]]');
INSERT INTO "bodies" VALUES(1846128358195200,'[]');
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
        );
INSERT INTO "feeds" VALUES(1,'kommune21','https://www.kommune21.example/feed','','','','',NULL,NULL,NULL,0,NULL,'','',NULL);
INSERT INTO "feeds" VALUES(2,'presse','https://presse.example/atom','','','','',NULL,NULL,NULL,0,NULL,'','',NULL);
CREATE INDEX articles_second ON articles (feed, second);
CREATE INDEX articles_of_feed ON articles (feed, id);
CREATE INDEX articles_unread ON articles (id) WHERE read = 0;
CREATE INDEX articles_starred ON articles (id) WHERE starred = 1;
CREATE VIEW v_articles AS
        SELECT a.ref AS id, f.key AS feed, a.kicker, a.title, a.url, a.kind,
               datetime(coalesce(a.published, a.first_seen), 'unixepoch') AS published_utc,
               a.published IS NULL AS published_is_estimate,
               datetime(a.first_seen, 'unixepoch') AS first_seen_utc,
               a.teaser, a.states, a.places, a.topics, a.read, a.starred
        FROM articles AS a JOIN feeds AS f ON f.id = a.feed;
PRAGMA application_id = 1802464621;
PRAGMA user_version = 1;
COMMIT;
