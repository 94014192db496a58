-- Names of people and places that do not exist together: common forenames and surnames, combined by chance, and places.
\ir ../chance.sql

CREATE FUNCTION pg_temp.girls() RETURNS text[] LANGUAGE sql IMMUTABLE RETURN '{
    Aaliyah,Abigail,Agnieszka,Aisha,Alice,Amelia,Amina,Anaya,Anna,Ava,Beatrice,Bethany,Carys,Charlotte,
    Chloe,Daisy,Deepika,Eleanor,Eliza,Ella,Emily,Erin,Esme,Evelyn,Evie,Fatima,Florence,Freya,Georgia,
    Grace,Hafsa,Hana,Hannah,Harper,Imogen,Inaya,Isla,Ivy,Jasmine,Jessica,Kaja,Katya,Keira,Khadija,
    Layla,Leila,Lena,Lily,Lola,Lucy,Madeleine,Maisie,Maja,Maryam,Matilda,Maya,Mia,Millie,Molly,Nadia,
    Naomi,Natalia,Niamh,Noor,Olivia,Orla,Phoebe,Poppy,Priya,Rania,Rosie,Ruby,Safa,Saoirse,Sara,
    Scarlett,Sienna,Simran,Sofia,Sophie,Summer,Tamara,Thea,Violet,Willow,Yasmin,Yusra,Zahra,Zara,Zofia}'::text[];
CREATE FUNCTION pg_temp.boys() RETURNS text[] LANGUAGE sql IMMUTABLE RETURN '{
    Aaron,Abdullah,Adam,Aidan,Albert,Alex,Alfie,Ali,Aqib,Archie,Arjun,Arlo,Arthur,Ayaan,Bartek,
    Benjamin,Bilal,Bogdan,Caleb,Callum,Charlie,Connor,Daniel,David,Dawud,Dylan,Edward,Elijah,Ethan,
    Ezra,Faisal,Filip,Finley,Frank,Frederick,George,Gurpreet,Hamza,Harrison,Harry,Haris,Henry,Hugo,
    Ibrahim,Idris,Isaac,Ismail,Jack,Jacob,Jakub,James,Jayden,Joseph,Joshua,Kabir,Kai,Kian,Kofi,Leo,
    Lewis,Liam,Louis,Luca,Lucas,Mason,Matthew,Max,Mohammed,Musa,Nathan,Nikola,Noah,Oliver,Omar,Oscar,
    Otis,Owen,Rafael,Reuben,Riley,Rohan,Rory,Samuel,Sebastian,Stefan,Sulaiman,Theo,Thomas,Toby,Umar,
    William,Yusuf,Zain}'::text[];
CREATE FUNCTION pg_temp.surnames() RETURNS text[] LANGUAGE sql IMMUTABLE RETURN '{
    Abbas,Abbott,Adamczyk,Adeyemi,Ahmed,Akhtar,Alexander,Ali,Allen,Anderson,Anwar,Appleyard,Armitage,
    Ashraf,Aslam,Bailey,Baker,Balogun,Banks,Barker,Barnes,Begum,Bell,Bennett,Bhatti,Booth,Bradley,
    Brook,Brown,Butler,Butt,Campbell,Carter,Chapman,Chaudhry,Clark,Clayton,Collins,Cooper,Cox,Crowther,
    Davies,Dobson,Driver,Dyson,Edwards,Ellis,Evans,Farooq,Feather,Fielding,Firth,Foster,Gill,Gorman,
    Graham,Gray,Green,Greenwood,Hall,Hanif,Hardy,Hargreaves,Harris,Hartley,Hill,Hirst,Holmes,Horvath,
    Hughes,Hussain,Iqbal,Jackson,Javed,Jones,Kaur,Kelly,Khalid,Khan,King,Kowalski,Lewandowski,Lister,
    Mahmood,Malik,Marsden,Martin,Mason,Mehmood,Mensah,Metcalfe,Mir,Mistry,Mitchell,Moore,Morris,Murphy,
    Naylor,Nowak,O''Brien,Okafor,Parker,Patel,Pickles,Popescu,Priestley,Qureshi,Rafiq,Rashid,Rehman,
    Rhodes,Riaz,Roberts,Robinson,Saleem,Scott,Shah,Sharma,Shaw,Sheikh,Siddiqui,Singh,Smith,Stead,
    Sutcliffe,Sykes,Taylor,Thomas,Thompson,Tordoff,Turner,Usman,Varga,Wade,Walker,Ward,Waterhouse,
    Watson,White,Whitaker,Williams,Wilson,Wood,Wright,Yaqub,Yousaf,Zaman}'::text[];

CREATE FUNCTION pg_temp.forename(who bigint, what text, female boolean) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN pg_temp.choose(who, what, CASE WHEN female THEN pg_temp.girls() ELSE pg_temp.boys() END);

-- 364 places, so mixed that neighbours differ: the first 202 are schools, then come 15 trusts and 100 schools
-- elsewhere; streets have the same names.
SELECT array_agg(s.name || e.name ORDER BY ((s.n - 1) * 14 + e.n - 1) * 347 % 364) AS places
FROM unnest('{Amber,Bilberry,Bracken,Clover,Copper,Curlew,Ember,Fern,Foxglove,Gorse,Hazel,Heather,Heron,Juniper,
        Lark,Linnet,Marigold,Otter,Plover,Raven,Rowan,Silver,Sorrel,Teasel,Thistle,Wren}'::text[])
        WITH ORDINALITY AS s (name, n),
    unnest('{beck,bridge,cliffe,croft,den,gate,holme,ley,moor,royd,shaw,stone,thorpe,wick}'::text[])
        WITH ORDINALITY AS e (name, n) \gset
CREATE FUNCTION pg_temp.place(n integer) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN (:'places'::text[])[n];
CREATE FUNCTION pg_temp.address(who bigint, what text) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN pg_temp.pick(who, what || ' number', 120)::text || ' ' || pg_temp.place(pg_temp.pick(who, what, 364)) || ' '
        || pg_temp.choose(who, what || ' kind', '{Street,Road,Lane,Avenue,Close,Terrace}') || ', Bradford';

-- Authority, establishment and year of allocation, serial number, with the check letter before them
CREATE FUNCTION pg_temp.upn(digits text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    sum integer := 0;
BEGIN
    FOR i IN 1 .. 12 LOOP
        sum := sum + (i + 1) * substr(digits, i, 1)::integer;
    END LOOP;
    RETURN substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + sum % 23, 1) || digits;
END
$$;
