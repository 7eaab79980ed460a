/* Lists and switches on network interfaces, for which any socket will do. */
#include "contained.h"
#include <net/if.h>
#include <sys/ioctl.h>
int main(void) {
    struct ifreq list[16], one = {.ifr_name = "lo"};
    struct ifconf all = {.ifc_len = sizeof list, .ifc_req = list};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    NEVER(fd < 0);
    if (!ioctl(fd, SIOCGIFCONF, &all)) NEVER(all.ifc_len > 0);
    for (int i = 1; i < 64; i++) {
        struct ifreq named = {.ifr_ifindex = i};
        if (ioctl(fd, SIOCGIFNAME, &named)) continue;
        /* Ways through an Internet protocol, which a fresh namespace has but which lead nowhere, are not up. */
        NEVER(!ioctl(fd, SIOCGIFFLAGS, &named) && (named.ifr_flags & IFF_UP));
    }
    one.ifr_flags = IFF_UP;
    REFUSED(ioctl(fd, SIOCSIFFLAGS, &one));
    return verdict();
}
