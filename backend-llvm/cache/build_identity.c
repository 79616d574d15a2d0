/* Build ids, from the notes of the objects that the dynamic linker has loaded. */
#include "cache/build_identity.h"

#include <dlfcn.h>
#include <link.h>
#include <llvm-c/Core.h>
#include <string.h>

#include "volt/vob.h"

typedef struct {
	ElfW(Addr) base;
	const unsigned char *id; /* NULL: none found */
	size_t size;
} id_search;

static size_t padded(size_t size) {
	return (size + 3) & ~(size_t)3;
}

static void search_notes(id_search *search, const unsigned char *notes, size_t size) {
	static const char owner[] = "GNU";
	ElfW(Nhdr) note;
	while (size >= sizeof note) {
		memcpy(&note, notes, sizeof note);
		const size_t name = padded(note.n_namesz), content = padded(note.n_descsz);
		if (size - sizeof note < name || size - sizeof note - name < content)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof owner &&
		    memcmp(notes + sizeof note, owner, sizeof owner) == 0) {
			search->id = notes + sizeof note + name;
			search->size = note.n_descsz;
			return;
		}
		notes += sizeof note + name + content;
		size -= sizeof note + name + content;
	}
}

static int visit_object(struct dl_phdr_info *info, size_t size, void *user) {
	(void)size;
	id_search *search = user;
	if (info->dlpi_addr != search->base)
		return 0;
	for (ElfW(Half) i = 0; i < info->dlpi_phnum && !search->id; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			search_notes(search, (const unsigned char *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr),
			             info->dlpi_phdr[i].p_memsz);
	return 1;
}

static bool add_object_of(digest *sum, const void *symbol) {
	Dl_info info;
	if (!dladdr(symbol, &info))
		return false;
	id_search search = {.base = (ElfW(Addr))(uintptr_t)info.dli_fbase};
	dl_iterate_phdr(visit_object, &search);
	if (search.id)
		digest_add(sum, search.id, search.size);
	return search.id != NULL;
}

bool build_identity_add(digest *sum) {
	static const char own[] = "";
	return add_object_of(sum, own) && add_object_of(sum, (const void *)volt_module_write) &&
	       add_object_of(sum, (const void *)LLVMContextCreate);
}
