/*
 * comparison.h
 *		The six comparison operators and the btree support function of a type, made from its
 *		one three-way comparison, which takes the two arguments of the call.
 */
#ifndef ATT_COMPARISON_H
#define ATT_COMPARISON_H

#define ATT_COMPARISON_OPERATOR(type, name, compare, op) \
	PG_FUNCTION_INFO_V1(att_##type##_##name); \
	Datum att_##type##_##name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_BOOL(compare(fcinfo) op 0); \
	}

#define ATT_COMPARISON_FUNCTIONS(type, compare) \
	ATT_COMPARISON_OPERATOR(type, lt, compare, <) \
	ATT_COMPARISON_OPERATOR(type, le, compare, <=) \
	ATT_COMPARISON_OPERATOR(type, eq, compare, ==) \
	ATT_COMPARISON_OPERATOR(type, ne, compare, !=) \
	ATT_COMPARISON_OPERATOR(type, ge, compare, >=) \
	ATT_COMPARISON_OPERATOR(type, gt, compare, >) \
	PG_FUNCTION_INFO_V1(att_##type##_cmp); \
	Datum att_##type##_cmp(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_INT32(compare(fcinfo)); \
	}

/* The two hash support functions of a type.  A hash never changes: partitions depend on it. */
#define ATT_HASH_FUNCTIONS(type, hash, hash_extended) \
	PG_FUNCTION_INFO_V1(att_##type##_hash); \
	Datum att_##type##_hash(PG_FUNCTION_ARGS) \
	{ \
		return hash; \
	} \
	PG_FUNCTION_INFO_V1(att_##type##_hash_extended); \
	Datum att_##type##_hash_extended(PG_FUNCTION_ARGS) \
	{ \
		return hash_extended; \
	}

#endif /* ATT_COMPARISON_H */
