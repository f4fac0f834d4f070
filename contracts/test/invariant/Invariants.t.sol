// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { OrganisationRegistry } from "../../src/OrganisationRegistry.sol";
import { ProvenanceLedger } from "../../src/ProvenanceLedger.sol";
import { vm } from "../utils/Vm.sol";
import { Handler } from "./Handler.sol";

contract InvariantsTest {
    address private constant REGISTRAR = address(0x4e61);

    OrganisationRegistry private registry;
    ProvenanceLedger private ledger;
    Handler private handler;

    function setUp() external {
        vm.roll(100);
        registry = new OrganisationRegistry(REGISTRAR);
        ledger = new ProvenanceLedger(registry);
        handler = new Handler(REGISTRAR, registry, ledger);
        for (uint256 i = 0; i < handler.organisations(); ++i) {
            handler.register(i, i, 1);
        }
    }

    /// @dev forge calls at random what this names.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_SequencesHaveNoGap() external view {
        for (uint256 i = 0; i < handler.organisations(); ++i) {
            bytes32 organisation = handler.organisation(i);
            uint64 last = ledger.lastSequence(organisation);
            vm.assertEq(last, handler.accepted(organisation), "as many as accepted");
            for (uint64 sequence = 1; sequence <= last; ++sequence) {
                vm.assertTrue(ledger.headerHash(organisation, sequence) != 0, "a gap");
            }
            vm.assertEq(ledger.headerHash(organisation, last + 1), bytes32(0), "one beyond the last");
            vm.assertEq(ledger.headerHash(organisation, 0), bytes32(0), "one before the first");
        }
    }

    function invariant_HeaderHashesNeverChange() external view {
        Handler.Recorded[] memory recorded = handler.recorded();
        for (uint256 i = 0; i < recorded.length; ++i) {
            vm.assertEq(ledger.headerHash(recorded[i].organisation, recorded[i].sequence), recorded[i].hash, "changed");
        }
    }

    function invariant_OnlyValidKeysRecorded() external view {
        Handler.Recorded[] memory recorded = handler.recorded();
        for (uint256 i = 0; i < recorded.length; ++i) {
            (uint64 added, uint64 revoked) = registry.keyRange(recorded[i].organisation, recorded[i].key);
            uint256 number = recorded[i].blockNumber;
            vm.assertTrue(added != 0 && added <= number && (revoked == 0 || number < revoked), "not valid then");
        }
    }

    function invariant_KeyRangesOnlyEverClose() external view {
        Handler.SeenRange[] memory seen = handler.ranges();
        for (uint256 i = 0; i < seen.length; ++i) {
            vm.assertFalse(seen[i].reopened);
        }
    }

    function invariant_RevokedKeysNeverReturn() external view {
        Handler.SeenRange[] memory seen = handler.ranges();
        for (uint256 i = 0; i < seen.length; ++i) {
            if (seen[i].revoked != 0 && vm.getBlockNumber() >= seen[i].revoked) {
                vm.assertFalse(registry.mayRecord(seen[i].organisation, seen[i].key));
            }
        }
    }
}
