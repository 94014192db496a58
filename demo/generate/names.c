/*
 * names.c
 *		Names of people and places that do not exist together.
 *
 * Common forenames and surnames, combined at random.
 */
#include "generate.h"

#define LENGTH(a) ((int) (sizeof(a) / sizeof((a)[0])))

static const char *const girls[] = {
	"Aaliyah", "Abigail", "Agnieszka", "Aisha",    "Alice",   "Amelia",    "Amina",   "Anaya",
	"Anna",    "Ava",     "Beatrice",  "Bethany",  "Carys",   "Charlotte", "Chloe",   "Daisy",
	"Deepika", "Eleanor", "Eliza",     "Ella",     "Emily",   "Erin",      "Esme",    "Evelyn",
	"Evie",    "Fatima",  "Florence",  "Freya",    "Georgia", "Grace",     "Hafsa",   "Hana",
	"Hannah",  "Harper",  "Imogen",    "Inaya",    "Isla",    "Ivy",       "Jasmine", "Jessica",
	"Kaja",    "Katya",   "Keira",     "Khadija",  "Layla",   "Leila",     "Lena",    "Lily",
	"Lola",    "Lucy",    "Madeleine", "Maisie",   "Maja",    "Maryam",    "Matilda", "Maya",
	"Mia",     "Millie",  "Molly",     "Nadia",    "Naomi",   "Natalia",   "Niamh",   "Noor",
	"Olivia",  "Orla",    "Phoebe",    "Poppy",    "Priya",   "Rania",     "Rosie",   "Ruby",
	"Safa",    "Saoirse", "Sara",      "Scarlett", "Sienna",  "Simran",    "Sofia",   "Sophie",
	"Summer",  "Tamara",  "Thea",      "Violet",   "Willow",  "Yasmin",    "Yusra",   "Zahra",
	"Zara",    "Zofia"};

static const char *const boys[] = {
	"Aaron",  "Abdullah", "Adam",      "Aidan",     "Albert",   "Alex",     "Alfie",    "Ali",
	"Aqib",   "Archie",   "Arjun",     "Arlo",      "Arthur",   "Ayaan",    "Bartek",   "Benjamin",
	"Bilal",  "Bogdan",   "Caleb",     "Callum",    "Charlie",  "Connor",   "Daniel",   "David",
	"Dawud",  "Dylan",    "Edward",    "Elijah",    "Ethan",    "Ezra",     "Faisal",   "Filip",
	"Finley", "Frank",    "Frederick", "George",    "Gurpreet", "Hamza",    "Harrison", "Harry",
	"Haris",  "Henry",    "Hugo",      "Ibrahim",   "Idris",    "Isaac",    "Ismail",   "Jack",
	"Jacob",  "Jakub",    "James",     "Jayden",    "Joseph",   "Joshua",   "Kabir",    "Kai",
	"Kian",   "Kofi",     "Leo",       "Lewis",     "Liam",     "Louis",    "Luca",     "Lucas",
	"Mason",  "Matthew",  "Max",       "Mohammed",  "Musa",     "Nathan",   "Nikola",   "Noah",
	"Oliver", "Omar",     "Oscar",     "Otis",      "Owen",     "Rafael",   "Reuben",   "Riley",
	"Rohan",  "Rory",     "Samuel",    "Sebastian", "Stefan",   "Sulaiman", "Theo",     "Thomas",
	"Toby",   "Umar",     "William",   "Yusuf",     "Zain"};

static const char *const surnames[] = {
	"Abbas",     "Abbott",   "Adamczyk",  "Adeyemi",    "Ahmed",       "Akhtar",    "Alexander",
	"Ali",       "Allen",    "Anderson",  "Anwar",      "Appleyard",   "Armitage",  "Ashraf",
	"Aslam",     "Bailey",   "Baker",     "Balogun",    "Banks",       "Barker",    "Barnes",
	"Begum",     "Bell",     "Bennett",   "Bhatti",     "Booth",       "Bradley",   "Brook",
	"Brown",     "Butler",   "Butt",      "Campbell",   "Carter",      "Chapman",   "Chaudhry",
	"Clark",     "Clayton",  "Collins",   "Cooper",     "Cox",         "Crowther",  "Davies",
	"Dobson",    "Driver",   "Dyson",     "Edwards",    "Ellis",       "Evans",     "Farooq",
	"Feather",   "Fielding", "Firth",     "Foster",     "Gill",        "Gorman",    "Graham",
	"Gray",      "Green",    "Greenwood", "Hall",       "Hanif",       "Hardy",     "Hargreaves",
	"Harris",    "Hartley",  "Hill",      "Hirst",      "Holmes",      "Horvath",   "Hughes",
	"Hussain",   "Iqbal",    "Jackson",   "Javed",      "Jones",       "Kaur",      "Kelly",
	"Khalid",    "Khan",     "King",      "Kowalski",   "Lewandowski", "Lister",    "Mahmood",
	"Malik",     "Marsden",  "Martin",    "Mason",      "Mehmood",     "Mensah",    "Metcalfe",
	"Mir",       "Mistry",   "Mitchell",  "Moore",      "Morris",      "Murphy",    "Naylor",
	"Nowak",     "O'Brien",  "Okafor",    "Parker",     "Patel",       "Pickles",   "Popescu",
	"Priestley", "Qureshi",  "Rafiq",     "Rashid",     "Rehman",      "Rhodes",    "Riaz",
	"Roberts",   "Robinson", "Saleem",    "Scott",      "Shah",        "Sharma",    "Shaw",
	"Sheikh",    "Siddiqui", "Singh",     "Smith",      "Stead",       "Sutcliffe", "Sykes",
	"Taylor",    "Thomas",   "Thompson",  "Tordoff",    "Turner",      "Usman",     "Varga",
	"Wade",      "Walker",   "Ward",      "Waterhouse", "Watson",      "White",     "Whitaker",
	"Williams",  "Wilson",   "Wood",      "Wright",     "Yaqub",       "Yousaf",    "Zaman"};

static const char *const place_starts[] = {
	"Amber",  "Bilberry", "Bracken",  "Clover",  "Copper",  "Curlew", "Ember",
	"Fern",   "Foxglove", "Gorse",    "Hazel",   "Heather", "Heron",  "Juniper",
	"Lark",   "Linnet",   "Marigold", "Otter",   "Plover",  "Raven",  "Rowan",
	"Silver", "Sorrel",   "Teasel",   "Thistle", "Wren"};

static const char *const place_ends[] = {"beck", "bridge", "cliffe", "croft", "den",
										 "gate", "holme",  "ley",    "moor",  "royd",
										 "shaw", "stone",  "thorpe", "wick"};

static const char *const trust_styles[] = {"Learning Trust", "Academies Trust", "Education Trust",
										   "Schools Partnership", "Multi-Academy Trust"};

const char *
forename(bool female, int n)
{
	return female ? girls[n] : boys[n];
}

int
forename_count(bool female)
{
	return female ? LENGTH(girls) : LENGTH(boys);
}

const char *
surname(int n)
{
	return surnames[n];
}

int
surname_count(void)
{
	return LENGTH(surnames);
}

/*
 * The nth place name.  Both numbers of parts have no common divisor with the
 * step, so that neighbours differ and no name comes twice before all are used.
 */
void
school_name(int n, char *text, size_t size)
{
	int all = LENGTH(place_starts) * LENGTH(place_ends);
	int place = n * 107 % all;

	snprintf(text, size, "%s%s", place_starts[place / LENGTH(place_ends)],
			 place_ends[place % LENGTH(place_ends)]);
}

/* Trusts use places from the far end of the same list */
void
trust_name(int n, char *text, size_t size)
{
	char place[32];

	school_name(SCHOOLS + n, place, sizeof(place));
	snprintf(text, size, "%s %s", place, trust_styles[n % LENGTH(trust_styles)]);
}

/* And places outside the authority those between */
void
outside_name(int n, char *text, size_t size)
{
	school_name(SCHOOLS + TRUSTS + n % 100, text, size);
}
